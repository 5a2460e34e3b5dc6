import { signInOptions, type CeremonyOptions, type CredentialJson } from '@proofline/protocol';
import { offerPasskeys, type PasskeyOffer } from './offer-passkeys.ts';
import { openCall } from './open-call.ts';
import { NotConfirmed } from './refusal.ts';

/** Where options without a time of their own are taken for this long. */
const LIFE_MS = 120_000;

/** Whether this browser lists passkeys in a field of the page, and reads and writes their JSON. */
export async function canOfferPasskeys(): Promise<boolean> {
  if (!('PublicKeyCredential' in window)) return false;
  const { PublicKeyCredential: known } = window;
  // Newer than the rest of WebAuthn, whatever the compiler's list says (Level 3 §5.1.7, §5.1.10).
  if (!('parseRequestOptionsFromJSON' in known && 'isConditionalMediationAvailable' in known))
    return false;
  return known.isConditionalMediationAvailable().catch(() => false);
}

/** Offers, in the field of the page, whichever passkeys this browser knows for this sign-in. */
export function offerForSignIn(
  uid: string,
  onPicked: (answer: CredentialJson) => void,
): PasskeyOffer {
  return offerPasskeys<CeremonyOptions, CredentialJson>({
    async begin(signal) {
      await whenSeen(signal);
      // Not broken off once it is sent: the button's own challenge must come after this one.
      const ceremony = await openCall(signInOptions, { params: { uid } });
      signal.throwIfAborted();
      return ceremony;
    },
    lifeMs: ({ publicKey: { timeout } }) => (typeof timeout === 'number' ? timeout : LIFE_MS),
    pick,
    pause,
    onPicked,
  });
}

async function pick(
  { ceremonyId, publicKey }: CeremonyOptions,
  signal: AbortSignal,
): Promise<CredentialJson> {
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.10.
  const json = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await navigator.credentials.get({
    mediation: 'conditional',
    publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json),
    signal,
  });
  if (!(credential instanceof PublicKeyCredential)) throw new NotConfirmed();
  // The browser's type says the same as ours, member by member, in its own names.
  return { ceremonyId, credential: credential.toJSON() } as unknown as CredentialJson;
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, ms);
    const leave = () => {
      window.clearTimeout(timer);
      resolve();
    };
    signal.addEventListener('abort', leave, { once: true });
  });
}

/** Resolves while the page is in front of somebody: nothing is begun for a tab that nobody looks at. */
function whenSeen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => document.removeEventListener('visibilitychange', look);
    const look = () => {
      if (document.hidden) return;
      done();
      resolve();
    };
    const leave = () => {
      done();
      reject(new NotConfirmed());
    };
    document.addEventListener('visibilitychange', look);
    signal.addEventListener('abort', leave, { once: true });
    look();
  });
}
