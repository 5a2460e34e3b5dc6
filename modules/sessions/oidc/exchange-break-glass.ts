import { newId, type Id, type JsonObject } from '@proofline/kernel';
import { idOf, ProblemError } from '@proofline/protocol';
import { importJWK, SignJWT } from 'jose';
import { errors } from 'oidc-provider';
import { z } from 'zod';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds } from '../domain/grant-request.ts';
import { consoleClientId } from './clients.ts';

/** The `authorization_details` of a token exchange (RFC 9396 §2): exactly one emergency access. */
const Details = z
  .array(
    z.object({ type: z.literal('proofline_break_glass'), break_glass_id: idOf('bgl') }).strict(),
  )
  .length(1);

/** Reads the parameter's JSON text; `undefined` when it is not exactly of the form above. */
export function readBreakGlassRequest(text: unknown): Id<'bgl'> | undefined {
  if (typeof text !== 'string' || text.length > 2000) return undefined;
  try {
    return Details.safeParse(JSON.parse(text)).data?.[0]?.break_glass_id;
  } catch {
    return undefined;
  }
}

interface BreakGlassAsk {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly breakGlassId: Id<'bgl'>;
  /** Thumbprint of the key that the token is bound to. */
  readonly jkt: string;
  readonly audience: string;
}

/** A token that reads one record under break-glass, and what it is for. */
export interface BreakGlassToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly authorizationDetails: readonly JsonObject[];
}

/**
 * A token for an emergency access that is open for this colleague in this session: at most as long as a
 * grant, and never beyond its end. It opens nothing by itself; each reading is decided anew.
 *
 * @throws the issuer's `access_denied` when there is none, or the policies deny it
 */
export async function issueBreakGlassToken(
  context: SessionsContext,
  ask: BreakGlassAsk,
): Promise<BreakGlassToken> {
  const { breakGlassId, sessionId, subjectId } = ask;
  // Decided first, so that an attempt on somebody else's is in the evidence.
  await requireUse(context, ask);
  const basis = await context.peers().breakGlassBasis.find({ subjectId, sessionId, breakGlassId });
  const nowMs = context.clock.now();
  const expiresAtMs = Math.min(basis?.endsAtMs ?? 0, nowMs + grantTtlSeconds * 1000);
  if (!basis || expiresAtMs <= nowMs) throw denied();
  const details = {
    type: 'proofline_break_glass',
    break_glass_id: breakGlassId,
    account_number: basis.accountNumber,
  };
  return {
    accessToken: await sign(context, ask, { details, nowMs, expiresAtMs }),
    expiresInSeconds: Math.floor((expiresAtMs - nowMs) / 1000),
    authorizationDetails: [details],
  };
}

async function requireUse(context: SessionsContext, ask: BreakGlassAsk): Promise<void> {
  try {
    await context.peers().decider.require({
      subject: { type: 'Staff', id: ask.subjectId },
      sessionId: ask.sessionId,
      action: 'break-glass:use',
      resource: { type: 'BreakGlass', id: ask.breakGlassId },
    });
  } catch (error) {
    if (error instanceof ProblemError && error.code.startsWith('access.')) throw denied();
    throw error;
  }
}

function denied(): errors.AccessDenied {
  return new errors.AccessDenied('no emergency access is open here', 'break-glass');
}

async function sign(
  context: SessionsContext,
  ask: BreakGlassAsk,
  token: {
    readonly details: JsonObject;
    readonly nowMs: number;
    readonly expiresAtMs: number;
  },
): Promise<string> {
  const [key] = context.keys.good();
  if (!key?.kid) throw new Error('sessions needs a signing key with a kid');
  return new SignJWT({
    client_id: consoleClientId,
    sid: ask.sessionId,
    authorization_details: [token.details],
    cnf: { jkt: ask.jkt },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setIssuer(`${context.staffOrigin}/oidc`)
    .setAudience(ask.audience)
    .setSubject(ask.subjectId)
    .setJti(newId('req', context))
    .setIssuedAt(Math.floor(token.nowMs / 1000))
    .setExpirationTime(Math.floor(token.expiresAtMs / 1000))
    .sign(await importJWK(key, 'ES256'));
}
