import {
  allowSignIn,
  beginAllowing,
  type CredentialJson,
  type SignInRequest,
} from '@proofline/protocol';
import {
  startAuthentication,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { ConsoleApi } from '../../api/console-api.ts';
import { NotConfirmed } from '../../api/refusal.ts';

/**
 * Has a passkey sign the very request that was read, and sends it.
 *
 * @throws NotConfirmed when the device gave none, for whatever reason.
 */
export async function allowWithPasskey(
  api: ConsoleApi,
  { requestId }: Pick<SignInRequest, 'requestId'>,
): Promise<void> {
  const { ceremonyId, publicKey } = await api.call(beginAllowing, { params: { requestId } });
  // The contract hands the options through as JSON; the server made them by WebAuthn §5.1.10.
  const optionsJSON = publicKey as unknown as PublicKeyCredentialRequestOptionsJSON;
  const credential = await startAuthentication({ optionsJSON }).catch(() => {
    throw new NotConfirmed();
  });
  // The library's type says the same as ours, member by member, in its own names.
  const body = { ceremonyId, credential } as unknown as CredentialJson;
  await api.call(allowSignIn, { body });
}
