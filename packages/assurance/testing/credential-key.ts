import { generateKeyPairSync, sign, type JsonWebKey, type KeyObject } from 'node:crypto';
import { base64urlToBytes } from '@proofline/kernel';
import { encodeCBOR } from '@levischuck/tiny-cbor';

interface KeyKindFacts {
  readonly algorithm: number;
  readonly generate: () => { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  readonly hash: string | null;
  /** COSE_Key members in front of the coordinates. */
  readonly head: readonly (readonly [number, number])[];
  /** COSE label → member of the JWK. */
  readonly members: readonly (readonly [number, 'x' | 'y' | 'n' | 'e'])[];
}

const point = [
  [-2, 'x'],
  [-3, 'y'],
] as const;
const rsa = [
  [-1, 'n'],
  [-2, 'e'],
] as const;

/** Kinds of credential keys: those that are allowed, and some that are not. */
export const keyKinds = {
  ES256: {
    algorithm: -7,
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    hash: 'sha256',
    head: [
      [1, 2],
      [3, -7],
      [-1, 1],
    ],
    members: point,
  },
  EdDSA: {
    algorithm: -8,
    generate: () => generateKeyPairSync('ed25519'),
    hash: null,
    head: [
      [1, 1],
      [3, -8],
      [-1, 6],
    ],
    members: [[-2, 'x']],
  },
  RS256: {
    algorithm: -257,
    generate: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    hash: 'sha256',
    head: [
      [1, 3],
      [3, -257],
    ],
    members: rsa,
  },
  'RS256-1024': {
    algorithm: -257,
    generate: () => generateKeyPairSync('rsa', { modulusLength: 1024 }),
    hash: 'sha256',
    head: [
      [1, 3],
      [3, -257],
    ],
    members: rsa,
  },
  ES384: {
    algorithm: -35,
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    hash: 'sha384',
    head: [
      [1, 2],
      [3, -35],
      [-1, 2],
    ],
    members: point,
  },
  'ES256-on-P-384': {
    algorithm: -7,
    generate: () => generateKeyPairSync('ec', { namedCurve: 'P-384' }),
    hash: 'sha256',
    head: [
      [1, 2],
      [3, -7],
      [-1, 2],
    ],
    members: point,
  },
} as const satisfies Record<string, KeyKindFacts>;

export type KeyKind = keyof typeof keyKinds;

/** A key's public half as a COSE_Key (RFC 9052 §7, RFC 9053 §7). */
export function coseKey(kind: KeyKind, publicKey: KeyObject): Uint8Array<ArrayBuffer> {
  const { head, members }: KeyKindFacts = keyKinds[kind];
  const jwk: JsonWebKey = publicKey.export({ format: 'jwk' });
  const map = new Map<number, number | Uint8Array>(head);
  for (const [label, member] of members) {
    const bytes = base64urlToBytes(jwk[member] ?? '');
    if (bytes === undefined) throw new Error(`the JWK has no ${member}`);
    map.set(label, bytes);
  }
  return new Uint8Array(encodeCBOR(map));
}

/** Signs as an authenticator does: DER for ECDSA (WebAuthn L3 §6.5.5). */
export function signWith(
  kind: KeyKind,
  privateKey: KeyObject,
  data: Uint8Array,
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sign(keyKinds[kind].hash, data, privateKey));
}
