import type { OwnAuthenticators } from '@proofline/protocol';

/** WebAuthn Level 3 §5.1.10; not in every browser, and not yet in the compiler's list. */
interface Signals {
  signalUnknownCredential?(options: {
    readonly rpId: string;
    readonly credentialId: string;
  }): Promise<void>;
}

/** Tells this device which of its passkeys are gone for good, so that it offers them no more. */
export async function signalGone({ gone, rpId }: OwnAuthenticators): Promise<void> {
  if (!('PublicKeyCredential' in window)) return;
  // The member is looked for before it is called.
  const signals = window.PublicKeyCredential as unknown as Signals;
  const told = gone.flatMap(
    (credentialId) => signals.signalUnknownCredential?.({ rpId, credentialId }) ?? [],
  );
  await Promise.allSettled(told);
}
