import { recoveryOptions, recoveryPasskey, type CredentialJson } from '@proofline/protocol';
import {
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/browser';
import { openCall } from '../../api/open-call.ts';
import { NotConfirmed } from '../../api/refusal.ts';

/**
 * Makes the new passkey on this device and sends it: from then on it is the only one.
 * @throws NotConfirmed when the device made none, for whatever reason.
 */
export async function registerRecovered() {
  const { ceremonyId, publicKey } = await openCall(recoveryOptions, {});
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.9.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  const credential = await startRegistration({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  const body = { ceremonyId, credential } as unknown as CredentialJson;
  return openCall(recoveryPasskey, { body });
}
