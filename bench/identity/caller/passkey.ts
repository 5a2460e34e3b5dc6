import { createHash, createPrivateKey, sign } from 'node:crypto';
import type { SoftwareAuthenticator } from '@proofline/assurance/testing';

/** Answers a challenge, as the browser hands it to the page. */
export type Passkey = (challenge: string, origin: string) => Readonly<Record<string, unknown>>;

const USER_PRESENT_AND_VERIFIED = 0x05;
const BACKUP_ELIGIBLE_AND_BACKED_UP = 0x18;

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();

/**
 * The registered passkey of a synced authenticator: each assertion is a real one, over a fresh challenge
 * (WebAuthn L3 §6.3.3). Its key is read once, and not for each assertion.
 */
export function passkeyOf(authenticator: SoftwareAuthenticator): Passkey {
  const [held] = authenticator.credentials;
  if (held === undefined) throw new Error('nothing is registered');
  const { credentialId: id, privateKeyPem, rpId, userHandle } = held;
  const privateKey = createPrivateKey(privateKeyPem);
  // A synced passkey counts nothing: the counter is zero (§6.1.1).
  const flags = USER_PRESENT_AND_VERIFIED | BACKUP_ELIGIBLE_AND_BACKED_UP;
  const data = Buffer.concat([sha256(rpId), Buffer.from([flags, 0, 0, 0, 0])]);
  const authenticatorData = data.toString('base64url');
  return (challenge, origin) => {
    const client = { type: 'webauthn.get', challenge, origin, crossOrigin: false };
    const clientData = Buffer.from(JSON.stringify(client));
    const signature = sign('sha256', Buffer.concat([data, sha256(clientData)]), privateKey);
    return {
      id,
      rawId: id,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData.toString('base64url'),
        authenticatorData,
        signature: signature.toString('base64url'),
        userHandle,
      },
    };
  };
}
