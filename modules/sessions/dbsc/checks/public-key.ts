import { calculateJwkThumbprint, type JWK } from 'jose';
import { z } from 'zod';
import type { Check } from '../exchange.ts';
import type { Algorithm } from '../names.ts';

const coordinate = z.string().regex(/^[\w-]{43}$/);
const forms = {
  ES256: z.object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
  }),
  // 2,048 to 4,096 bits; the exponent that every TPM uses.
  RS256: z.object({
    kty: z.literal('RSA'),
    n: z.string().regex(/^[\w-]{342,683}$/),
    e: z.literal('AQAB'),
  }),
} as const satisfies Record<Algorithm, z.ZodType>;

// RFC 7518 §6: what only a private or a symmetric key has. Whoever sends it has no key of their own.
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** The key that a proof brings along, in the one place or the other; `null`: none that is taken. */
function broughtKey(
  alg: Algorithm,
  { header, payload }: Parameters<Check>[0],
): JWK | undefined | null {
  // The draft of 2026 names the payload’s `key`; Chromium writes the header’s `jwk` (RFC 7515 §4.1.3).
  const [brought, other] = [header.jwk, payload['key']].filter((one) => one !== undefined);
  if (brought === undefined) return undefined;
  if (other !== undefined) return null;
  const parsed = forms[alg].safeParse(brought);
  return parsed.success && !privateMembers.some((one) => one in Object(brought))
    ? parsed.data
    : null;
}

/** A registration brings its public key, of the form of its algorithm, and nothing private. */
export const checkBroughtKey: Check = (exchange) => {
  const key = broughtKey(exchange.alg, exchange);
  if (!key) return false;
  exchange.publicJwk = key;
  return true;
};

/** A refresh is signed by the key of the registration; one that names a key names that one. */
export const checkKeyUnchanged: Check = async (exchange) => {
  const { bound } = exchange;
  const key = broughtKey(exchange.alg, exchange);
  if (!bound || key === null) return false;
  exchange.publicJwk = bound.publicJwk;
  if (key === undefined) return true;
  return (await calculateJwkThumbprint(key)) === (await calculateJwkThumbprint(bound.publicJwk));
};
