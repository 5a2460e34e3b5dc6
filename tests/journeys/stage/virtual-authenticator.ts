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
  /** Plugs a security key into the same browser, beside this: an empty one, or what somebody else’s holds. */
  plugInKey(of?: VirtualAuthenticator): Promise<VirtualAuthenticator>;
  /** What it holds, for whoever carries it to another browser. */
  credentials(): Promise<readonly Credential[]>;
  /** Pulls it out of the browser. */
  unplug(): Promise<void>;
}

/** A passkey as the DevTools protocol hands it over (WebAuthn domain). */
type Credential = Awaited<ReturnType<typeof readCredentials>>[number];

async function readCredentials(devtools: CDPSession, authenticatorId: string) {
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
  return credentials;
}

/**
 * Runs in the page before its own scripts. Where passkeys are offered in a field, Chromium’s authenticator
 * answers at once, as if somebody had picked; a person picks when they click the field, and not before.
 */
function pickByClick(): void {
  if (!('credentials' in navigator)) return;
  const { credentials } = navigator;
  const get = credentials.get.bind(credentials);
  const clicked = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const over = new AbortController();
      const leave = () => {
        over.abort();
        reject(new DOMException('taken back', 'AbortError'));
      };
      const hear = ({ target }: Event) => {
        if (!(target instanceof Element) || !target.matches('[autocomplete~="webauthn"]')) return;
        over.abort();
        resolve();
      };
      if (signal?.aborted) leave();
      else signal?.addEventListener('abort', leave, { signal: over.signal });
      document.addEventListener('click', hear, { signal: over.signal });
    });
  credentials.get = async (options) => {
    if (options?.mediation === 'conditional') await clicked(options.signal);
    return get(options);
  };
}

/** Gives a tab an authenticator of its own. */
export async function addVirtualAuthenticator(
  page: Page,
  kind: PasskeyKind,
): Promise<VirtualAuthenticator> {
  await page.addInitScript(pickByClick);
  const devtools: CDPSession = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable', { enableUI: false });
  return attach(devtools, { kind, transport: 'internal' });
}

async function attach(
  devtools: CDPSession,
  { kind, transport }: { readonly kind: PasskeyKind; readonly transport: 'internal' | 'usb' },
): Promise<VirtualAuthenticator & { take(credential: Credential): Promise<void> }> {
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
    async plugInKey(of) {
      const key = await attach(devtools, { kind: 'device-bound', transport: 'usb' });
      for (const credential of (await of?.credentials()) ?? []) await key.take(credential);
      return key;
    },
    credentials: () => readCredentials(devtools, authenticatorId),
    take: async (credential) =>
      void (await devtools.send('WebAuthn.addCredential', { authenticatorId, credential })),
    unplug: async () =>
      void (await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })),
    countPasskeys: async (rpId) =>
      (await readCredentials(devtools, authenticatorId)).filter((one) => one.rpId === rpId).length,
  };
}
