import {
  constants,
  createPrivateKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';
import { sha256, sha256Base64url } from '@proofline/kernel/node';
import type { StoredAssertion } from '../assertion/customer-assertion.ts';

/** A passkey's private key and its public half as COSE. */
export interface AssertionKey {
  readonly privateKey: KeyObject;
  readonly digest: 'sha256' | null;
  readonly cose: Uint8Array;
}

type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A fresh key; with a seed, an Ed25519 key that is the same every time. */
export function assertionKey(algorithm: Algorithm, seed?: Uint8Array): AssertionKey {
  if (algorithm === 'EdDSA') {
    const privateKey = seed
      ? createPrivateKey({
          key: Buffer.concat([PKCS8_ED25519, seed]),
          format: 'der',
          type: 'pkcs8',
        })
      : generateKeyPairSync('ed25519').privateKey;
    const x = coordinate(privateKey, 'x');
    return {
      privateKey,
      digest: null,
      cose: cbor([
        [1, 1],
        [3, -8],
        [-1, 6],
        [-2, x],
      ]),
    };
  }
  if (algorithm === 'RS256') {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const [n, e] = [coordinate(privateKey, 'n'), coordinate(privateKey, 'e')];
    return {
      privateKey,
      digest: 'sha256',
      cose: cbor([
        [1, 3],
        [3, -257],
        [-1, n],
        [-2, e],
      ]),
    };
  }
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [x, y] = [coordinate(privateKey, 'x'), coordinate(privateKey, 'y')];
  const cose = cbor([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, x],
    [-3, y],
  ]);
  return { privateKey, digest: 'sha256', cose };
}

/** What the entry of this passkey's registration says of it. */
export function credentialOf(key: AssertionKey): { credentialId: string; publicKey: string } {
  const credentialId = bytesToBase64url(sha256(key.cose));
  return { credentialId, publicKey: bytesToBase64url(key.cose) };
}

/** What an authenticator would answer for this context; `change` bends it for a test. */
export function signedAssertion(
  context: string,
  key: AssertionKey,
  change: {
    readonly type?: string;
    readonly challenge?: string;
    readonly origin?: string;
    readonly flags?: number;
    readonly rpId?: string;
  } = {},
): StoredAssertion {
  const origin = 'http://customers.localhost:4400';
  const rpId = 'customers.localhost';
  const clientData = Buffer.from(
    JSON.stringify({
      type: change.type ?? 'webauthn.get',
      challenge: change.challenge ?? sha256Base64url(context),
      origin: change.origin ?? origin,
      crossOrigin: false,
    }),
  );
  const flags = Uint8Array.of(change.flags ?? 0x05);
  const data = Buffer.concat([sha256(change.rpId ?? rpId), flags, Uint8Array.of(0, 0, 0, 7)]);
  const signature = sign(key.digest, Buffer.concat([data, sha256(clientData)]), {
    key: key.privateKey,
    ...(key.privateKey.asymmetricKeyType === 'rsa' && { padding: constants.RSA_PKCS1_PADDING }),
  });
  return {
    context,
    clientDataJSON: bytesToBase64url(clientData),
    authenticatorData: bytesToBase64url(data),
    signature: bytesToBase64url(signature),
    ...credentialOf(key),
    rpId,
    origin,
  };
}

function coordinate(key: KeyObject, name: 'x' | 'y' | 'n' | 'e'): Uint8Array {
  return base64urlToBytes(key.export({ format: 'jwk' })[name] ?? '') ?? new Uint8Array();
}

function cbor(members: readonly (readonly [number, number | Uint8Array])[]): Uint8Array {
  const parts = members.flatMap(([label, value]) => [
    integer(label),
    typeof value === 'number' ? integer(value) : Buffer.concat([head(2, value.length), value]),
  ]);
  return Buffer.concat([head(5, members.length), ...parts]);
}

function integer(value: number): Uint8Array {
  return value < 0 ? head(1, -1 - value) : head(0, value);
}

function head(major: number, argument: number): Uint8Array {
  if (argument < 24) return Uint8Array.of((major << 5) | argument);
  if (argument < 256) return Uint8Array.of((major << 5) | 24, argument);
  return Uint8Array.of((major << 5) | 25, argument >> 8, argument & 0xff);
}
