import type { OwnAuthenticators } from '@proofline/protocol';

/** WebAuthn Level 3 §5.1.10; not in every browser, and not yet in the compiler's list. */
interface Signals {
  signalUnknownCredential?(options: {
    readonly rpId: string;
    readonly credentialId: string;
  }): Promise<void>;
  signalAllAcceptedCredentials?(options: {
    readonly rpId: string;
    readonly userId: string;
    readonly allAcceptedCredentialIds: readonly string[];
  }): Promise<void>;
  signalCurrentUserDetails?(options: {
    readonly rpId: string;
    readonly userId: string;
    readonly name: string;
    readonly displayName: string;
  }): Promise<void>;
}

/**
 * Tells this device which of its passkeys still count, so that it offers no dead one. Each of ours has
 * a user handle of its own, so each is told by itself. What a browser does not know is left out: the
 * server refuses a removed passkey in any case.
 */
export async function signalPasskeys(own: OwnAuthenticators): Promise<void> {
  if (!('PublicKeyCredential' in window)) return;
  // The members are looked for one by one before they are called.
  const signals = window.PublicKeyCredential as unknown as Signals;
  const { displayName, rpId } = own;
  const told = [
    ...own.gone.map((credentialId) => signals.signalUnknownCredential?.({ rpId, credentialId })),
    ...own.authenticators.flatMap(({ credentialId, userHandle: userId }) => [
      signals.signalAllAcceptedCredentials?.({
        rpId,
        userId,
        allAcceptedCredentialIds: [credentialId],
      }),
      signals.signalCurrentUserDetails?.({ rpId, userId, name: displayName, displayName }),
    ]),
  ];
  await Promise.allSettled(told.filter((signal) => signal !== undefined));
}
