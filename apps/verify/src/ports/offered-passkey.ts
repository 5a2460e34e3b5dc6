import type { CeremonyOptions } from '@proofline/protocol';
import { secondsUntil } from './clock.ts';
import type { PasskeyAnswer } from './passkey.ts';

/** A challenge is replaced this long before its end: whoever picks late has still time to touch. */
const MARGIN_SECONDS = 60;

/** Whether this browser lists passkeys in a field of the page, and reads and writes their JSON. */
export async function canOfferPasskeys(): Promise<boolean> {
  if (!('PublicKeyCredential' in window)) return false;
  const { PublicKeyCredential: known } = window;
  // Newer than the rest of WebAuthn, whatever the compiler's list says (Level 3 §5.1.7, §5.1.10).
  if (!('parseRequestOptionsFromJSON' in known && 'isConditionalMediationAvailable' in known))
    return false;
  return known.isConditionalMediationAvailable().catch(() => false);
}

/**
 * Waits until somebody picks one of the passkeys that the browser lists in the page's field. What goes wrong
 * is told by nobody: the button beside it does the same, and says what it met.
 */
export async function offeredPasskey(
  begin: () => Promise<CeremonyOptions | undefined>,
  signal: AbortSignal,
): Promise<PasskeyAnswer | undefined> {
  for (;;) {
    await whenSeen();
    const options = signal.aborted ? undefined : await begin();
    if (!options || signal.aborted) return undefined;
    const { ceremonyId, publicKey, expiresAt } = options;
    const lifeSeconds = Math.max(secondsUntil(expiresAt) - MARGIN_SECONDS, MARGIN_SECONDS);
    const stale = AbortSignal.timeout(lifeSeconds * 1000);
    // The contract calls it a JSON object; it is what WebAuthn L3 §5.1.10 says, by our own server.
    const json = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
    try {
      const credential = await navigator.credentials.get({
        mediation: 'conditional',
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json),
        signal: AbortSignal.any([signal, stale]),
      });
      if (signal.aborted || !(credential instanceof PublicKeyCredential)) return undefined;
      return { ceremonyId, credential: credential.toJSON() };
    } catch {
      if (signal.aborted || !stale.aborted) return undefined;
    }
  }
}

/** Resolves while the page is in front of somebody: nothing is begun for a tab that nobody looks at. */
async function whenSeen(): Promise<void> {
  while (document.hidden) {
    await new Promise((resolve) =>
      document.addEventListener('visibilitychange', resolve, { once: true }),
    );
  }
}
