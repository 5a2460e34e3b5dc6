import {
  keptAssertion,
  lowerAcr,
  ownActRefusal,
  proversOf,
  verifyAssertion,
} from '@proofline/assurance';
import { OwnAct, ProblemError, type CredentialJson, type OwnActDone } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { noteUse } from './note-use.ts';
import { openRegistration } from './open-registration.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import type { Committed, ProvedAct } from './proved-act.ts';
import { refuseOwnAct } from './refuse-own-act.ts';
import { removeOwn } from './remove-own.ts';
import { renameOwn } from './rename-own.ts';

const Signed = z.object({ act: OwnAct }).loose();

/**
 * Takes the proof of a change that was begun, and makes the change. Whose passkey answers, whether it
 * may prove this change, and whether the change still can be made, is looked at again in the
 * transaction that makes it.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `authenticator.*`
 */
export async function proveOwnAct(
  context: Context,
  { caller, answer }: { readonly caller: OwnCaller; readonly answer: CredentialJson },
): Promise<z.output<typeof OwnActDone>> {
  const { rows, storage } = context;
  const at = new Date(context.clock.now());
  const ceremony = await storage.transaction((tx) =>
    rows.ceremonies.take(tx, {
      ceremonyId: answer.ceremonyId,
      kind: 'own-act',
      boundTo: caller.sessionId,
      at,
    }),
  );
  if (!ceremony || ceremony.subjectId !== caller.subjectId) {
    throw new ProblemError('ceremony.expired');
  }
  const { act } = Signed.parse(JSON.parse(ceremony.purpose ?? '{}'));
  const looked = await lookAt(context, { caller, answer, challenge: ceremony.challenge });
  if ('because' in looked) return refuse(context, { caller, act, because: looked.because });
  const { prover, result } = looked;
  const proof = keptAssertion(answer.credential, {
    context: ceremony.purpose ?? '',
    key: prover,
    rpId: context.rpId,
    origin: context.staffOrigin,
  });
  const committed = await storage.transaction((tx) =>
    commit(context, tx, { caller, act, prover, result, proof }),
  );
  if ('because' in committed) return refuse(context, { caller, act, because: committed.because });
  if (committed.evidenceId) await context.ledger.durable(committed.evidenceId);
  committed.afterwards?.();
  return committed.registration ? { registration: committed.registration } : {};
}

/** Whether it is a genuine assertion over this challenge, by a passkey of the caller. */
async function lookAt(
  context: Context,
  given: {
    readonly caller: OwnCaller;
    readonly answer: CredentialJson;
    readonly challenge: string;
  },
): Promise<Pick<ProvedAct, 'prover' | 'result'> | { readonly because: string }> {
  const { answer, caller, challenge } = given;
  const { db } = context.storage;
  const prover = await context.rows.authenticators.findByCredentialId(db, answer.credential.id);
  if (prover?.subjectId !== caller.subjectId) return { because: 'not-their-passkey' };
  const { rpId, staffOrigin: origin, attestationPolicy: policy } = context;
  const verified = await verifyAssertion({
    credential: answer.credential,
    // The subject is known before, so the handle may be absent; another's is refused.
    expected: { challenge, origin, rpId, userHandle: prover.userHandle },
    stored: prover,
    policy,
    nowMs: context.clock.now(),
  });
  return verified.ok ? { prover, result: verified.value } : { because: verified.error.code };
}

async function commit(
  context: Context,
  tx: Db,
  proved: ProvedAct,
): Promise<Committed | { readonly because: string }> {
  const { act, caller, prover, result } = proved;
  const { set } = await readOwn(context, tx, caller.subjectId);
  const refusal = ownActRefusal(act, set);
  if (refusal) return { because: refusal };
  if (!proversOf(act, set).includes(prover.authenticatorId)) return { because: 'may-not-prove' };
  const { backedUp, counter } = result;
  const countsAs = lowerAcr(result.acr, prover.atMost);
  const at = new Date(context.clock.now());
  const use = { backedUp, counter, countsAs, at };
  const isFirst = await noteUse(context, tx, { stored: prover, use });
  // Used or removed by somebody at the same moment: of two equal answers one is a clone's.
  if (!isFirst) return { because: 'counter-regressed' };
  if (act.kind === 'add') return openRegistration(context, tx, { ...proved, act });
  if (act.kind === 'rename') return renameOwn(context, tx, { ...proved, act });
  return removeOwn(context, tx, { ...proved, act });
}

async function refuse(
  context: Context,
  refused: { readonly caller: OwnCaller; readonly act: OwnAct; readonly because: string },
): Promise<never> {
  const { act, because, caller } = refused;
  await refuseOwnAct(context, { caller, tried: act.kind, because });
  if (isRefusal(because)) throw new ProblemError(because);
  throw new ProblemError('ceremony.refused', { internal: because });
}

function isRefusal(because: string): because is NonNullable<ReturnType<typeof ownActRefusal>> {
  return because.startsWith('authenticator.');
}
