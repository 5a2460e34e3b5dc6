import { createPublicKey, type KeyObject } from 'node:crypto';
import { bytesToBase64url } from '@proofline/kernel';

/** A public key as WebAuthn stores it, ready to verify with. */
export interface CosePublicKey {
  /** COSE algorithm: -7 ES256, -8 EdDSA, -257 RS256 (RFC 9053, RFC 8812). */
  readonly algorithm: -7 | -8 | -257;
  readonly key: KeyObject;
}

const KTY = 1;
const ALG = 3;

/**
 * Reads a COSE_Key (RFC 9052 §7) of the three algorithms that Proofline registers; `undefined`
 * for anything else, and for bytes after the key.
 */
export function parseCoseKey(bytes: Uint8Array): CosePublicKey | undefined {
  const map = readMap(bytes);
  if (!map) return undefined;
  const kind = `${String(map.get(KTY))}/${String(map.get(ALG))}`;
  try {
    if (kind === '2/-7') return { algorithm: -7, key: ellipticKey(map) };
    if (kind === '1/-8') return { algorithm: -8, key: edwardsKey(map) };
    if (kind === '3/-257') return { algorithm: -257, key: rsaKey(map) };
  } catch {
    // OpenSSL refuses a point that is not on the curve, a missing coordinate, an empty modulus.
  }
  return undefined;
}

type CoseMap = ReadonlyMap<number, number | Uint8Array>;

function ellipticKey(map: CoseMap): KeyObject {
  if (map.get(-1) !== 1) throw new RangeError('not P-256');
  return jwk({ kty: 'EC', crv: 'P-256', x: member(map, -2), y: member(map, -3) });
}

function edwardsKey(map: CoseMap): KeyObject {
  if (map.get(-1) !== 6) throw new RangeError('not Ed25519');
  return jwk({ kty: 'OKP', crv: 'Ed25519', x: member(map, -2) });
}

function rsaKey(map: CoseMap): KeyObject {
  return jwk({ kty: 'RSA', n: member(map, -1), e: member(map, -2) });
}

function jwk(key: Record<string, string>): KeyObject {
  return createPublicKey({ key, format: 'jwk' });
}

function member(map: CoseMap, label: number): string {
  const value = map.get(label);
  if (!(value instanceof Uint8Array)) throw new RangeError(`no byte string at ${label}`);
  return bytesToBase64url(value);
}

/** The little of CBOR (RFC 8949) that a COSE_Key is made of: a map of integers to integers or bytes. */
function readMap(bytes: Uint8Array): CoseMap | undefined {
  const map = new Map<number, number | Uint8Array>();
  const reader = { bytes, offset: 0 };
  const head = readHead(reader);
  if (head?.major !== 5) return undefined;
  for (let count = 0; count < head.argument; count += 1) {
    const label = readValue(reader);
    const value = readValue(reader);
    if (typeof label !== 'number' || value === undefined || map.has(label)) return undefined;
    map.set(label, value);
  }
  return reader.offset === bytes.length ? map : undefined;
}

interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

function readValue(reader: Reader): number | Uint8Array | undefined {
  const head = readHead(reader);
  if (!head) return undefined;
  if (head.major === 0) return head.argument;
  if (head.major === 1) return -1 - head.argument;
  if (head.major !== 2 || reader.offset + head.argument > reader.bytes.length) return undefined;
  const start = reader.offset;
  reader.offset += head.argument;
  return reader.bytes.slice(start, reader.offset);
}

function readHead(
  reader: Reader,
): { readonly major: number; readonly argument: number } | undefined {
  const first = reader.bytes[reader.offset];
  if (first === undefined) return undefined;
  reader.offset += 1;
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < 24) return { major, argument: short };
  // 24 and 25: one or two bytes follow. Nothing in a COSE_Key is longer than 65,535.
  const length = short === 24 ? 1 : short === 25 ? 2 : 0;
  if (length === 0 || reader.offset + length > reader.bytes.length) return undefined;
  let argument = 0;
  for (let count = 0; count < length; count += 1) {
    argument = argument * 256 + reader.bytes[reader.offset]!;
    reader.offset += 1;
  }
  return { major, argument };
}
