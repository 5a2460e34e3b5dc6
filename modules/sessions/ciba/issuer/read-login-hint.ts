import { createHmac } from 'node:crypto';
import { isId, newId, type Id } from '@proofline/kernel';
import { createLocalJWKSet, errors as jose, jwtVerify, type JWK } from 'jose';
import { errors } from 'oidc-provider';
import { z } from 'zod';
import { oidcSettingsOf } from '../../applications/domain/oidc-settings-of.ts';
import { findNamed } from '../../consents/store/consent-rows.ts';
import { dataAsked, findUsable } from '../../oidc/application-client.ts';
import type { SessionsContext } from '../../context.ts';
import type { PersonId } from '../../types.ts';

const HINT_MAX_CHARS = 200;
const GOOD_FOR = '5m';

/** Who is meant, as RFC 9493 says it: by what the issuer calls them. */
const SubId = z.union([
  z.object({ format: z.literal('opaque'), id: z.string().max(HINT_MAX_CHARS) }),
  z.object({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string().max(HINT_MAX_CHARS) }),
]);

/** Who names somebody. */
export interface Naming {
  readonly clientId: string | undefined;
  /** What it asks to be told, as the request says it. */
  readonly scope: unknown;
}

/**
 * Whom a `login_hint` means: their `sub`, or their number. Somebody whom nobody knows is somebody as well, the
 * same for the same hint, and is never shown anything (P9).
 */
export async function readLoginHint(
  context: SessionsContext,
  hint: string,
  by: Naming,
): Promise<PersonId> {
  if (hint.length > HINT_MAX_CHARS) throw new errors.InvalidRequest('login_hint is too long');
  if (context.realm === 'customers') return customerOf(context, hint, by);
  const found = await context.peers().findNumbered?.(hint);
  if (isId('stf', hint)) return hint;
  return found ?? nobodyOf(context, 'stf', hint);
}

/** A name of ours that stands for a customer somewhere. Nobody’s account number looks so. */
const NAME = /^[\w-]{43}$/;

/**
 * By the name that they have there, and by no name of another application; or by their account number. With
 * a yes the application would know that the two are one, so it asks for the number as well: then the customer
 * reads that it learns it.
 */
async function customerOf(
  context: SessionsContext,
  hint: string,
  { clientId, scope }: Naming,
): Promise<Id<'cus'>> {
  const isName = NAME.test(hint);
  if (!isName && !dataAsked(scope).includes('account-number'))
    throw new errors.InvalidRequest('who names an account number asks for the scope account');
  const application = await findUsable(context, clientId);
  const known = isName
    ? application && (await findNamed(context.storage.db, context, { application, name: hint }))
    : await context.peers().findAccountHolder?.(hint);
  return known ?? nobodyOf(context, 'cus', hint);
}

/** An id that nobody has. What it is made of is not told by it. */
function nobodyOf<P extends 'stf' | 'cus'>(
  { kek }: SessionsContext,
  prefix: P,
  hint: string,
): Id<P> {
  const digest = createHmac('sha256', kek)
    .update('proofline sessions: nobody of this hint v1')
    .update(hint)
    .digest();
  return newId(prefix, {
    clock: { now: () => 0 },
    random: { bytes: (length) => new Uint8Array(digest.subarray(0, length)) },
  });
}

/**
 * Whom a `login_hint_token` means: a JWT that the application itself has signed, with a subject
 * identifier (RFC 9493) in `sub_id`. CIBA Core §7.1 leaves its form to us.
 *
 * @throws errors.ExpiredLoginHintToken, errors.InvalidRequest
 */
export async function readLoginHintToken(
  context: SessionsContext,
  token: string,
  by: Naming,
): Promise<PersonId> {
  const { issuer } = context;
  const { clientId = '' } = by;
  const proof = oidcSettingsOf(await findUsable(context, clientId))?.proof;
  if (proof?.method !== 'private_key_jwt')
    throw new errors.InvalidRequest('login_hint_token takes a key of the application');
  // The contract has read them, member by member; the library’s type knows fewer kinds of absence.
  const keys = { keys: proof.jwks.keys as readonly object[] as JWK[] };
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    issuer: clientId,
    audience: issuer,
    algorithms: ['ES256', 'EdDSA', 'Ed25519'],
    requiredClaims: ['exp', 'iat', 'sub_id'],
    maxTokenAge: GOOD_FOR,
    currentDate: new Date(context.clock.now()),
    clockTolerance: 10,
  }).catch((error: unknown) => {
    if (error instanceof jose.JWTExpired) throw new errors.ExpiredLoginHintToken('it has expired');
    throw new errors.InvalidRequest('login_hint_token was not signed by this application for us');
  });
  const subject = SubId.safeParse(payload['sub_id']).data;
  if (!subject || (subject.format === 'iss_sub' && subject.iss !== issuer))
    throw new errors.InvalidRequest(
      'sub_id must be of the format opaque, or iss_sub of this issuer',
    );
  return readLoginHint(context, subject.format === 'opaque' ? subject.id : subject.sub, by);
}
