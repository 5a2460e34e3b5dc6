import {
  beginOwnAct,
  proveOwnAct,
  registerOwnAuthenticator,
  type CeremonyOptions,
  type CredentialJson,
  type OwnAct,
} from '@proofline/protocol';
import {
  startAuthentication,
  startRegistration,
  WebAuthnError,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { ConsoleApi } from '../../api/console-api.ts';
import { NotConfirmed, problemOf, Refusal } from '../../api/refusal.ts';

/**
 * Has a passkey that one has already sign this very change, and sends it. Renaming and removing are
 * done then; adding answers what the new passkey is to be made by.
 *
 * @throws NotConfirmed when the device gave none, for whatever reason.
 */
export async function confirmOwnAct(
  api: ConsoleApi,
  act: OwnAct,
): Promise<CeremonyOptions | undefined> {
  const { ceremonyId, publicKey } = await api.call(beginOwnAct, { body: { act } });
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.10.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await startAuthentication({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  const body = { ceremonyId, credential } as unknown as CredentialJson;
  const { registration } = await api.call(proveOwnAct, { body });
  return registration;
}

/** Makes the new passkey and sends it. */
export async function registerOwn(
  api: ConsoleApi,
  { ceremonyId, publicKey }: CeremonyOptions,
): Promise<void> {
  // As above, by §5.1.9.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialCreationOptionsJSON;
  const credential = await startRegistration({ optionsJSON }).catch((error: unknown) => {
    // The device says so itself, of the list that it was given (WebAuthn §5.1.3, InvalidStateError).
    const isKnown =
      error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
    throw isKnown ? new Refusal(problemOf('authenticator.known')) : new NotConfirmed();
  });
  // As above.
  const body = { ceremonyId, credential } as unknown as CredentialJson;
  await api.call(registerOwnAuthenticator, { body });
}
