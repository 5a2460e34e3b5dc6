import { bytesToBase64url, type Clock, type Random } from '@proofline/kernel';
import { contentDigest } from '../signature/content-digest.ts';
import { signatureLifetimeSeconds, signatureTag } from '../signature/checks.ts';
import { signatureBase } from '../signature/signature-base.ts';
import { writeBareItem, writeInnerList, type BareItem } from '../signature/structured-fields.ts';

/** The registered key of a service. */
export interface ServiceSigningKey {
  /** ECDSA P-256 or Ed25519, from WebCrypto. */
  readonly privateKey: CryptoKey;
  /** Its name at Proofline: the RFC 7638 thumbprint of its public half. */
  readonly kid: string;
}

/** A request that is to be signed. */
export interface SignTarget {
  readonly method: string;
  /** The whole URL with its query, as it is sent. */
  readonly url: string;
  /** The `Authorization` that is sent along, when there is one. */
  readonly authorization?: string;
  readonly body?: Uint8Array<ArrayBuffer>;
}

const string = (value: string): BareItem => ({ kind: 'string', value });
const integer = (value: number): BareItem => ({ kind: 'integer', value });

/**
 * The headers that sign one request (RFC 9421): `Signature-Input`, `Signature`, and for a body
 * `Content-Digest` (RFC 9530). Good for a minute, once.
 */
export async function signRequest(
  { privateKey, kid }: ServiceSigningKey,
  target: SignTarget,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  const covered = ['@method', '@target-uri'];
  if (target.body !== undefined) {
    headers['content-digest'] = await contentDigest(target.body);
    covered.push('content-digest');
  }
  if (target.authorization !== undefined) covered.push('authorization');
  const created = Math.floor(ports.clock.now() / 1000);
  const input = {
    items: covered.map((name) => ({ item: string(name), parameters: new Map() })),
    parameters: new Map([
      ['created', integer(created)],
      ['expires', integer(created + signatureLifetimeSeconds)],
      ['nonce', string(bytesToBase64url(ports.random.bytes(18)))],
      ['keyid', string(kid)],
      ['tag', string(signatureTag)],
    ]),
  };
  const header = (name: string) =>
    name === 'authorization' ? target.authorization : headers[name];
  const base = signatureBase(input, { method: target.method, url: target.url, header });
  if (base === undefined) throw new TypeError('the request has no absolute URL of http or https');
  const isEcdsa = privateKey.algorithm.name === 'ECDSA';
  const algorithm = isEcdsa ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'Ed25519' };
  const bytes = new TextEncoder().encode(base);
  const value = new Uint8Array(await crypto.subtle.sign(algorithm, privateKey, bytes));
  return {
    ...headers,
    'signature-input': `sig=${writeInnerList(input)}`,
    signature: `sig=${writeBareItem({ kind: 'bytes', value })}`,
  };
}
