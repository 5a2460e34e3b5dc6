import { assertionOptions, ownActRefusal, proversOf } from '@proofline/assurance';
import { canonicalJson, newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions, type OwnAct } from '@proofline/protocol';
import { newSecret, type Context } from '../context.ts';
import { challengeOf, type OwnActContext } from '../domain/own-act-context.ts';
import { CEREMONY_MS } from './enrolment-options.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import { refuseOwnAct } from './refuse-own-act.ts';

/**
 * Begins a change of the customer's own passkeys: the options ask one of those that may prove it to
 * sign exactly this change. One is open per session; a newer one voids the one before.
 *
 * @throws ProblemError `authenticator.*` when no proof could make it possible.
 */
export async function beginOwnAct(
  context: Context,
  { caller, act }: { readonly caller: OwnCaller; readonly act: OwnAct },
): Promise<CeremonyOptions> {
  const { customerId, sessionId } = caller;
  const begun = await context.storage.transaction(async (tx) => {
    const { rows, set } = await readOwn(context, tx, customerId);
    const refusal = ownActRefusal(act, set);
    if (refusal) return { refusal };
    const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
    const signed: OwnActContext = {
      version: 1,
      purpose: 'change-own-authenticators',
      tenant: context.tenant,
      realm: 'customers',
      rpId: context.rpId,
      customerId,
      sessionId,
      act,
      nonce: newSecret(context),
      expiresAt: expiresAt.toISOString(),
    };
    const challenge = challengeOf(signed);
    const ceremonyId = newId('cas', context);
    const purpose = canonicalJson(signed);
    const ceremony = { ceremonyId, kind: 'own-act', challenge, expiresAt } as const;
    await context.rows.ceremonies.openOwn(tx, { ...ceremony, sessionId, purpose });
    const provers = proversOf(act, set);
    const publicKey = assertionOptions({
      rpId: context.rpId,
      challenge,
      allow: rows
        .filter(({ authenticatorId }) => provers.includes(authenticatorId))
        .map(({ credentialId }) => credentialId),
      timeoutMs: CEREMONY_MS,
    });
    return { options: { ceremonyId, publicKey, expiresAt: expiresAt.toISOString() } };
  });
  if (begun.options) return begun.options;
  await refuseOwnAct(context, { caller, tried: act.kind, because: begun.refusal });
  throw new ProblemError(begun.refusal);
}
