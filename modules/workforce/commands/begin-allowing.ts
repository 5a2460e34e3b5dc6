import { assertionOptions, lowerAcr } from '@proofline/assurance';
import { canonicalJson, newId, type Id } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import { challengeOf, type SignInRequestContext } from '../domain/sign-in-request-context.ts';
import { isRecovered } from '../store/staff-rows.ts';
import { readOwn, type OwnCaller } from './own-set.ts';

/**
 * Begins to allow an application’s request: the options ask one of the caller’s own passkeys that reaches
 * the level to sign this very request. One is open per session; a newer one voids the one before.
 *
 * @throws ProblemError `sign-in-request.unknown`, `sign-in-request.place`, `sign-in-request.level`
 */
export async function beginAllowing(
  context: Context,
  { caller, requestId }: { readonly caller: OwnCaller; readonly requestId: Id<'sir'> },
): Promise<CeremonyOptions> {
  const { subjectId } = caller;
  const request = await context.signInRequests.find({ requestId, subjectId });
  if (!request) throw new ProblemError('sign-in-request.unknown');
  const { sessionId } = caller;
  if (!(await context.signInRequests.isTakenFrom({ requestId, sessionId, subjectId })))
    throw new ProblemError('sign-in-request.place');
  const signed: SignInRequestContext = {
    version: 1,
    purpose: 'allow-sign-in-request',
    tenant: context.tenant,
    realm: 'workforce',
    rpId: context.rpId,
    subjectId,
    sessionId: caller.sessionId,
    request,
    nonce: newSecret(context),
  };
  const challenge = challengeOf(signed);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(request.expiresAt);
  return context.storage.transaction(async (tx) => {
    const { rows, staff } = await readOwn(context, tx, subjectId);
    const nowMs = context.clock.now();
    const isCapped = isRecovered(staff, nowMs);
    const reach = rows.filter(
      ({ acr, atMost }) => request.acr === 'phr' || (!isCapped && lowerAcr(acr, atMost) === 'phrh'),
    );
    if (reach.length === 0) throw new ProblemError('sign-in-request.level');
    await context.rows.ceremonies.replace(tx, {
      ceremonyId,
      kind: 'sign-in-request',
      boundTo: caller.sessionId,
      subjectId,
      challenge,
      purpose: canonicalJson(signed),
      expiresAt,
    });
    const publicKey = assertionOptions({
      rpId: context.rpId,
      challenge,
      allow: reach.map(({ credentialId }) => credentialId),
      timeoutMs: Math.max(expiresAt.getTime() - nowMs, 1_000),
    });
    return { ceremonyId, publicKey, expiresAt: request.expiresAt };
  });
}
