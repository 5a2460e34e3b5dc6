import {
  onboardingOptions,
  onboardingPasskey,
  type CredentialJson,
  type OnboardingState,
} from '@proofline/protocol';
import {
  startRegistration,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/browser';
import { openCall } from '../../api/open-call.ts';
import { NotConfirmed } from '../../api/refusal.ts';

let underWay: Promise<OnboardingState> | undefined;

/**
 * Registers the first passkey of the person in front of this device. One at a time: whoever asks
 * again meanwhile gets the same answer, and the device makes no second one.
 * @throws NotConfirmed when the device made none, for whatever reason.
 */
export function registerPasskey(): Promise<OnboardingState> {
  underWay ??= makeAndSend().finally(() => (underWay = undefined));
  return underWay;
}

async function makeAndSend(): Promise<OnboardingState> {
  return openCall(onboardingPasskey, { body: await makePasskey() });
}

async function makePasskey(): Promise<CredentialJson> {
  const { ceremonyId, publicKey } = await openCall(onboardingOptions, {});
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.8.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  const credential = await startRegistration({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  return { ceremonyId, credential } as unknown as CredentialJson;
}
