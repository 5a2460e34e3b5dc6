import type { CDPSession, Page } from 'playwright-core';

/** Whether the passkey stays in one device (BE = 0, BS = 0) or is synced (BE = 1, BS = 1). */
export type PasskeyKind = 'device-bound' | 'synced';

/** Chromium's virtual authenticator behind one tab: a finger that touches whenever it is asked. */
export interface VirtualAuthenticator {
  /** From now on the prompt comes to nothing, as if it had been closed; `true` brings the finger back. */
  setWilling(isWilling: boolean): Promise<void>;
  /** From now on signatures are bogus; `false` makes them good again. */
  setForging(isForging: boolean): Promise<void>;
  /** From now on nobody touches it: a prompt waits for another one; `true` brings the finger back. */
  setTouched(isTouched: boolean): Promise<void>;
  /** How many passkeys it holds, by relying party. */
  countPasskeys(rpId: string): Promise<number>;
  /** Plugs a security key into the same browser, beside this. */
  plugInKey(): Promise<VirtualAuthenticator>;
}

/** Gives a tab an authenticator of its own. */
export async function addVirtualAuthenticator(
  page: Page,
  kind: PasskeyKind,
): Promise<VirtualAuthenticator> {
  const devtools: CDPSession = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable', { enableUI: false });
  return attach(devtools, { kind, transport: 'internal' });
}

async function attach(
  devtools: CDPSession,
  { kind, transport }: { readonly kind: PasskeyKind; readonly transport: 'internal' | 'usb' },
): Promise<VirtualAuthenticator> {
  const isSynced = kind === 'synced';
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport,
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: isSynced,
      defaultBackupState: isSynced,
    },
  });
  return {
    // A failed verification and a closed prompt are one and the same to the page (WebAuthn L3 §14.5.2).
    setWilling: async (isWilling) =>
      void (await devtools.send('WebAuthn.setUserVerified', {
        authenticatorId,
        isUserVerified: isWilling,
      })),
    setForging: async (isForging) =>
      void (await devtools.send('WebAuthn.setResponseOverrideBits', {
        authenticatorId,
        isBogusSignature: isForging,
      })),
    setTouched: async (enabled) =>
      void (await devtools.send('WebAuthn.setAutomaticPresenceSimulation', {
        authenticatorId,
        enabled,
      })),
    plugInKey: () => attach(devtools, { kind: 'device-bound', transport: 'usb' }),
    async countPasskeys(rpId) {
      const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
      return credentials.filter((credential) => credential.rpId === rpId).length;
    },
  };
}
