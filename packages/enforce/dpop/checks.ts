import { jwtVerify, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import type { Clock } from '@proofline/kernel';
import { digestBase64url } from './digest.ts';
import { proofKeyOf } from './proof-keys.ts';

/** The request that a proof came with, and what the checks learn about the proof on their way. */
export interface DpopExchange {
  readonly method: string;
  readonly url: string;
  /** The values of the `DPoP` header, one per header line. */
  readonly proofs: readonly string[];
  readonly accessToken: string | undefined;
  readonly nonce: string | undefined;
  readonly clock: Clock;
  readonly windowSeconds: number;
  header: ProtectedHeaderParameters;
  payload: JWTPayload;
  /** RFC 7638 thumbprint of the key that has signed. */
  jkt: string;
}

/** One line of RFC 9449 §4.3. */
export interface DpopCheck {
  readonly name: string;
  /** The item of §4.3. */
  readonly section: string;
  holds(exchange: DpopExchange): boolean | Promise<boolean>;
}

const algorithms = ['ES256', 'EdDSA', 'Ed25519'];
const jtiMaxChars = 200;
const proofMaxChars = 4096;
// RFC 7517 §4 and RFC 7518 §6: the members that only a private or symmetric key has.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function decodeJson(part: string | undefined): Record<string, unknown> | undefined {
  if (part === undefined) return undefined;
  try {
    const text = atob(part.replaceAll('-', '+').replaceAll('_', '/'));
    const value: unknown = JSON.parse(text);
    // A parsed object that is no array is a record of unknown members.
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** `htu` names the target URI without query and fragment (§4.2); both sides are compared normalised. */
export function targetUri(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined;
  return parsed.origin + parsed.pathname;
}

async function signatureHolds(exchange: DpopExchange): Promise<boolean> {
  try {
    const { jwk, alg } = exchange.header;
    // Both were looked at by the checks before this one.
    const { key, jkt } = await proofKeyOf(jwk!, alg!);
    const { payload } = await jwtVerify(exchange.proofs[0]!, key, {
      algorithms,
      typ: 'dpop+jwt',
      currentDate: new Date(exchange.clock.now()),
    });
    exchange.payload = payload;
    exchange.jkt = jkt;
    return true;
  } catch {
    return false;
  }
}

/** RFC 9449 §4.3 as a table: every line must hold, in this order, the cheap ones first. */
export const dpopChecks: readonly DpopCheck[] = [
  {
    name: 'one-header',
    section: '4.3 item 1',
    // Node joins repeated header lines with a comma, which no JWT contains.
    holds: ({ proofs }) => proofs.length === 1 && !proofs[0]!.includes(','),
  },
  {
    name: 'well-formed',
    section: '4.3 item 2',
    holds: (exchange) => {
      const proof = exchange.proofs[0]!;
      const parts = proof.split('.');
      const header = decodeJson(parts[0]);
      if (proof.length > proofMaxChars || parts.length !== 3 || !header) return false;
      exchange.header = header;
      return true;
    },
  },
  { name: 'typ', section: '4.3 item 4', holds: ({ header }) => header.typ === 'dpop+jwt' },
  {
    name: 'alg',
    section: '4.3 item 5',
    holds: ({ header }) => typeof header.alg === 'string' && algorithms.includes(header.alg),
  },
  {
    name: 'public-jwk',
    section: '4.3 item 7',
    holds: ({ header }) =>
      typeof header.jwk === 'object' &&
      header.jwk !== null &&
      !privateMembers.some((member) => member in (header.jwk ?? {})),
  },
  { name: 'signature', section: '4.3 item 6', holds: signatureHolds },
  {
    name: 'claims',
    section: '4.3 item 3',
    holds: ({ payload }) =>
      typeof payload.jti === 'string' &&
      payload.jti.length > 0 &&
      payload.jti.length <= jtiMaxChars &&
      Number.isInteger(payload.iat) &&
      typeof payload['htm'] === 'string' &&
      typeof payload['htu'] === 'string',
  },
  {
    name: 'htm',
    section: '4.3 item 8',
    holds: ({ payload, method }) => payload['htm'] === method.toUpperCase(),
  },
  {
    name: 'htu',
    section: '4.3 item 9',
    holds: ({ payload, url }) => {
      const named = String(payload['htu']);
      const expected = targetUri(url);
      return expected !== undefined && !/[?#]/.test(named) && targetUri(named) === expected;
    },
  },
  {
    name: 'nonce',
    section: '4.3 item 10',
    holds: ({ payload, nonce }) => nonce === undefined || payload['nonce'] === nonce,
  },
  {
    name: 'iat',
    section: '4.3 item 11',
    holds: ({ payload, clock, windowSeconds }) =>
      Math.abs(clock.now() / 1000 - payload.iat!) <= windowSeconds,
  },
  {
    name: 'ath',
    section: '4.3 item 12',
    holds: async ({ payload, accessToken }) =>
      accessToken === undefined || payload['ath'] === (await digestBase64url(accessToken)),
  },
];
