import { signInOptions, type CredentialJson } from '@proofline/protocol';
import {
  startAuthentication,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import { openCall } from './open-call.ts';
import { NotConfirmed } from './refusal.ts';

/**
 * One assertion for this sign-in, by whichever passkey the device offers.
 * @throws NotConfirmed when the device gives none, for whatever reason.
 */
export async function assertPasskey(uid: string): Promise<CredentialJson> {
  const { ceremonyId, publicKey } = await openCall(signInOptions, { params: { uid } });
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.10.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await startAuthentication({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  return { ceremonyId, credential } as unknown as CredentialJson;
}
