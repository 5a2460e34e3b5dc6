import type { CeremonyOptions } from '@proofline/protocol';
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/** What the device signed, and for which ceremony. */
export interface PasskeyAnswer {
  readonly ceremonyId: string;
  readonly credential: unknown;
}

/**
 * What a prompt came to. `closed` is all that a browser tells of a cancel, a timeout and a missing
 * passkey alike (WebAuthn L3 §14.5.2), so the words for it must fit all three.
 */
export type Prompted =
  | { readonly ok: true; readonly answer: PasskeyAnswer }
  | { readonly ok: false; readonly why: 'closed' | 'unsupported' | 'already-there' };

/** Asks for a passkey: in a dialog of the browser, or by its list in a field of the page. */
export function usePasskey(
  { ceremonyId, publicKey }: CeremonyOptions,
  useBrowserAutofill = false,
): Promise<Prompted> {
  // The contract calls it a JSON object; it is what WebAuthn L3 §5.1.10 says, by our own server.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  return prompt(ceremonyId, () => startAuthentication({ optionsJSON, useBrowserAutofill }));
}

/** Creates a passkey. */
export function createPasskey({ ceremonyId, publicKey }: CeremonyOptions): Promise<Prompted> {
  // As above: WebAuthn L3 §5.1.8.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  return prompt(ceremonyId, () => startRegistration({ optionsJSON }));
}

async function prompt(ceremonyId: string, ask: () => Promise<unknown>): Promise<Prompted> {
  if (!browserSupportsWebAuthn()) return { ok: false, why: 'unsupported' };
  try {
    return { ok: true, answer: { ceremonyId, credential: await ask() } };
  } catch (error) {
    const isThere = error instanceof Error && error.name === 'InvalidStateError';
    return { ok: false, why: isThere ? 'already-there' : 'closed' };
  }
}
