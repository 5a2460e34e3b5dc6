import { assertionOptions, lowerAcr } from '@proofline/assurance';
import { canonicalJson, newId, type Id } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import { challengeOf, type SignInRequestContext } from '../domain/sign-in-request-context.ts';
import { countingCredentials } from './counting-credentials.ts';
import type { OwnCaller } from './own-set.ts';

/**
 * Begins to allow an application’s request: the options ask one of the customer’s own passkeys that reaches
 * the level to sign this very request. One is open per session; a newer one voids the one before.
 *
 * @throws ProblemError `sign-in-request.unknown`, `sign-in-request.level`
 */
export async function beginAllowing(
  context: Context,
  { caller, requestId }: { readonly caller: OwnCaller; readonly requestId: Id<'sir'> },
): Promise<CeremonyOptions> {
  const { customerId, sessionId } = caller;
  const request = await context.customerSignInRequests.find({ requestId, subjectId: customerId });
  if (!request) throw new ProblemError('sign-in-request.unknown');
  const signed: SignInRequestContext = {
    version: 1,
    purpose: 'allow-sign-in-request',
    tenant: context.tenant,
    realm: 'customers',
    rpId: context.rpId,
    customerId,
    sessionId,
    request,
    nonce: newSecret(context),
  };
  const challenge = challengeOf(signed);
  const ceremonyId = newId('cas', context);
  const expiresAt = new Date(request.expiresAt);
  return context.storage.transaction(async (tx) => {
    const own = await countingCredentials(context, tx, customerId);
    const reach = own.filter(
      ({ acr, atMost }) => request.acr === 'phr' || lowerAcr(acr, atMost) === 'phrh',
    );
    if (reach.length === 0) throw new ProblemError('sign-in-request.level');
    const ceremony = { ceremonyId, kind: 'sign-in-request', challenge, expiresAt } as const;
    const purpose = canonicalJson(signed);
    await context.rows.ceremonies.openOwn(tx, { ...ceremony, sessionId, purpose });
    const publicKey = assertionOptions({
      rpId: context.rpId,
      challenge,
      allow: reach.map(({ credentialId }) => credentialId),
      timeoutMs: Math.max(expiresAt.getTime() - context.clock.now(), 1_000),
    });
    return { ceremonyId, publicKey, expiresAt: request.expiresAt };
  });
}
