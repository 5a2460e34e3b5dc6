import type { Clock } from '@proofline/kernel';
import type { JWK } from 'jose';
import { proofKeyOf } from '../dpop/proof-keys.ts';
import { coveredNames, signatureBase, type SignedMessage } from './signature-base.ts';
import { readDictionary, type FieldMember, type InnerList } from './structured-fields.ts';

/** What a signature of ours is for (RFC 9421 §7.2.8): one that was made for anything else is none. */
export const signatureTag = 'proofline';
/** How long a signature may be good for, and so how long it must be remembered. */
export const signatureLifetimeSeconds = 60;
/** Clocks of two machines may differ by this much, in the direction of «not yet» only. */
const skewSeconds = 30;
const nonceMinChars = 16;
const nonceMaxChars = 128;

/** A signed request, and what the checks learn about its signature on their way. */
export interface SignatureExchange {
  readonly message: SignedMessage;
  readonly clock: Clock;
  /** The public key of that name; `undefined`: there is none that could sign here. */
  readonly findKey: (keyid: string) => Promise<JWK | undefined>;
  input: InnerList;
  signature: Uint8Array<ArrayBuffer>;
  /** What {@link input} covers. */
  covered: readonly string[];
  keyid: string;
  nonce: string;
  createdSeconds: number;
  expiresSeconds: number;
  key: JWK;
}

/** One line of what a signature must be. */
export interface SignatureCheck {
  readonly name: string;
  /** Of RFC 9421, where nothing else is said. */
  readonly section: string;
  holds(exchange: SignatureExchange): boolean | Promise<boolean>;
}

function textOf({ input }: SignatureExchange, name: string): string | undefined {
  const item = input.parameters.get(name);
  return item?.kind === 'string' ? item.value : undefined;
}

/** Before all time, where it is missing or no whole number. */
function secondsOf({ input }: SignatureExchange, name: string): number {
  const item = input.parameters.get(name);
  return item?.kind === 'integer' ? item.value : -1;
}

/** One and no more: of two signatures it would have to be guessed which one speaks for the caller. */
function onlyMember(field: string | null | undefined): [string, FieldMember] | undefined {
  const [first, ...others] = readDictionary(field ?? '') ?? [];
  return others.length === 0 ? first : undefined;
}

const known = new Set(['created', 'expires', 'nonce', 'keyid', 'tag', 'alg']);

/**
 * Whether the request announces a body. In HTTP/1.1 it must (RFC 9112 §6.3), elsewhere it need not (RFC 9113
 * §8.1.1): so this only spares waiting for it, and `holdsSignedBody` has the last word.
 */
function hasBody({ header }: SignedMessage): boolean {
  return Boolean(header('transfer-encoding')) || !/^0*$/.test(header('content-length') ?? '');
}

/** The RFC’s names of what a key signs with (§3.3.4 and §3.3.6). */
function algorithmOf({ kty, crv }: JWK): 'ed25519' | 'ecdsa-p256-sha256' | undefined {
  if (kty === 'OKP' && crv === 'Ed25519') return 'ed25519';
  return kty === 'EC' && crv === 'P-256' ? 'ecdsa-p256-sha256' : undefined;
}

async function signatureHolds({
  input,
  key,
  message,
  signature,
}: SignatureExchange): Promise<boolean> {
  const isEcdsa = key.kty === 'EC';
  const algorithm = isEcdsa ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'Ed25519' };
  try {
    // Names of its choice are looked up: what the caller’s `header` makes of one may be no text.
    const base = signatureBase(input, message);
    if (base === undefined) return false;
    const { key: imported } = await proofKeyOf(key, isEcdsa ? 'ES256' : 'EdDSA');
    const bytes = new TextEncoder().encode(base);
    return await crypto.subtle.verify(algorithm, imported, signature, bytes);
  } catch {
    return false;
  }
}

/** What a signature must be, as a table: every line must hold, in this order, the cheap ones first. */
export const signatureChecks: readonly SignatureCheck[] = [
  {
    name: 'well-formed',
    section: '4.1, 4.2',
    holds: (exchange) => {
      const { header } = exchange.message;
      const [label, input] = onlyMember(header('signature-input')) ?? [];
      const [other, given] = onlyMember(header('signature')) ?? [];
      if (label !== other || !input || !('items' in input)) return false;
      if (!given || !('item' in given) || given.item.kind !== 'bytes') return false;
      exchange.input = input;
      exchange.signature = given.item.value;
      return given.parameters.size === 0;
    },
  },
  {
    name: 'parameters',
    section: '2.3',
    holds: (exchange) => {
      const names = [...exchange.input.parameters.keys()];
      if (!names.every((name) => known.has(name))) return false;
      exchange.keyid = textOf(exchange, 'keyid') ?? '';
      exchange.nonce = textOf(exchange, 'nonce') ?? '';
      exchange.createdSeconds = secondsOf(exchange, 'created');
      exchange.expiresSeconds = secondsOf(exchange, 'expires');
      const { length } = exchange.nonce;
      return length >= nonceMinChars && length <= nonceMaxChars && exchange.keyid !== '';
    },
  },
  {
    name: 'tag',
    section: '7.2.8',
    holds: (exchange) => textOf(exchange, 'tag') === signatureTag,
  },
  {
    name: 'components',
    section: '2, 7.2.1',
    holds: (exchange) => {
      const covered = coveredNames(exchange.input);
      if (!covered) return false;
      exchange.covered = covered;
      const hasTarget = ['@authority', '@path', '@query'].every((name) => covered.includes(name));
      return covered.includes('@method') && (covered.includes('@target-uri') || hasTarget);
    },
  },
  {
    name: 'authorization',
    section: '7.2.1',
    holds: ({ covered, message }) =>
      !message.header('authorization') || covered.includes('authorization'),
  },
  {
    name: 'content-digest',
    section: '7.2.8; RFC 9530 §2',
    holds: ({ covered, message }) => !hasBody(message) || covered.includes('content-digest'),
  },
  {
    name: 'created',
    section: '3.2, 7.2.2',
    holds: ({ clock, createdSeconds, expiresSeconds }) =>
      createdSeconds >= 0 &&
      createdSeconds <= clock.now() / 1000 + skewSeconds &&
      expiresSeconds > createdSeconds &&
      expiresSeconds - createdSeconds <= signatureLifetimeSeconds,
  },
  {
    name: 'expires',
    section: '3.2',
    holds: ({ clock, expiresSeconds }) => clock.now() / 1000 < expiresSeconds,
  },
  {
    name: 'keyid',
    section: '3.2',
    holds: async (exchange) => {
      const key = await exchange.findKey(exchange.keyid);
      if (!key) return false;
      exchange.key = key;
      return true;
    },
  },
  {
    name: 'alg',
    section: '3.2, 7.3.6',
    holds: (exchange) => {
      const expected = algorithmOf(exchange.key);
      const isNamed = exchange.input.parameters.has('alg');
      // It is the key that says how it signs; what the message says must be the same.
      return expected !== undefined && (!isNamed || textOf(exchange, 'alg') === expected);
    },
  },
  { name: 'signature', section: '3.2', holds: signatureHolds },
];
