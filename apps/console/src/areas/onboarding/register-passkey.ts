import { onboardingOptions, type CredentialJson } from '@proofline/protocol';
import {
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/browser';
import { openCall } from '../../api/open-call.ts';
import { NotConfirmed } from '../../api/refusal.ts';

/**
 * Registers the first passkey of the person in front of this device.
 * @throws NotConfirmed when the device made none, for whatever reason.
 */
export async function registerPasskey(): Promise<CredentialJson> {
  const { ceremonyId, publicKey } = await openCall(onboardingOptions, {});
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.8.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  const credential = await startRegistration({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  return { ceremonyId, credential } as unknown as CredentialJson;
}
