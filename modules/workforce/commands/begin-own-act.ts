import { assertionOptions, ownActRefusal, proversOf } from '@proofline/assurance';
import { canonicalJson, newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions, type OwnAct } from '@proofline/protocol';
import { CEREMONY_MS, newSecret, type Context } from '../context.ts';
import { challengeOf, type OwnActContext } from '../domain/own-act-context.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import { refuseOwnAct } from './refuse-own-act.ts';

/**
 * Begins a change of the caller's own authenticators: the options ask one of those that may prove it
 * to sign exactly this change. One is open per session; a newer one voids the one before.
 *
 * @throws ProblemError `authenticator.*` when no proof could make it possible.
 */
export async function beginOwnAct(
  context: Context,
  { caller, act }: { readonly caller: OwnCaller; readonly act: OwnAct },
): Promise<CeremonyOptions> {
  const begun = await context.storage.transaction(async (tx) => {
    const { rows, set } = await readOwn(context, tx, caller.subjectId);
    const refusal = ownActRefusal(act, set);
    if (refusal) return { refusal };
    const expiresAt = new Date(context.clock.now() + CEREMONY_MS);
    const signed = signedContext(context, { caller, act, expiresAt });
    const challenge = challengeOf(signed);
    const ceremonyId = newId('cas', context);
    await context.rows.ceremonies.replace(tx, {
      ceremonyId,
      kind: 'own-act',
      boundTo: caller.sessionId,
      subjectId: caller.subjectId,
      challenge,
      purpose: canonicalJson(signed),
      expiresAt,
    });
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

function signedContext(
  context: Context,
  of: { readonly caller: OwnCaller; readonly act: OwnAct; readonly expiresAt: Date },
): OwnActContext {
  return {
    version: 1,
    purpose: 'change-own-authenticators',
    tenant: context.tenant,
    realm: 'workforce',
    rpId: context.rpId,
    subjectId: of.caller.subjectId,
    sessionId: of.caller.sessionId,
    act: of.act,
    nonce: newSecret(context),
    expiresAt: of.expiresAt.toISOString(),
  };
}
