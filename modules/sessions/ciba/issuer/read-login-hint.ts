import { createHmac } from 'node:crypto';
import { isId, newId, type Id } from '@proofline/kernel';
import { createLocalJWKSet, errors as jose, jwtVerify, type JWK } from 'jose';
import { errors } from 'oidc-provider';
import { z } from 'zod';
import { oidcSettingsOf } from '../../applications/domain/oidc-settings-of.ts';
import { findUsable } from '../../oidc/application-client.ts';
import type { SessionsContext } from '../../context.ts';

const HINT_MAX_CHARS = 200;
const GOOD_FOR = '5m';

/** Who is meant, as RFC 9493 says it: by what the issuer calls them. */
const SubId = z.union([
  z.object({ format: z.literal('opaque'), id: z.string().max(HINT_MAX_CHARS) }),
  z.object({ format: z.literal('iss_sub'), iss: z.string(), sub: z.string().max(HINT_MAX_CHARS) }),
]);

/**
 * Whom a `login_hint` means: their `sub`, or their employee number. Somebody whom nobody knows is somebody
 * as well, the same for the same hint, and is never shown anything (P9).
 */
export async function readLoginHint(context: SessionsContext, hint: string): Promise<Id<'stf'>> {
  if (hint.length > HINT_MAX_CHARS) throw new errors.InvalidRequest('login_hint is too long');
  const found = await context.peers().findNumbered?.(hint);
  if (isId('stf', hint)) return hint;
  return found ?? nobodyOf(context, hint);
}

/** An id that nobody has. What it is made of is not told by it. */
function nobodyOf({ kek }: SessionsContext, hint: string): Id<'stf'> {
  const digest = createHmac('sha256', kek)
    .update('proofline sessions: nobody of this hint v1')
    .update(hint)
    .digest();
  return newId('stf', {
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
  clientId: string,
  token: string,
): Promise<Id<'stf'>> {
  const issuer = `${context.staffOrigin}/oidc`;
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
  return readLoginHint(context, subject.format === 'opaque' ? subject.id : subject.sub);
}
