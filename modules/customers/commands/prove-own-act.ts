import {
  keptAssertion,
  ownActRefusal,
  proversOf,
  verifyAssertion,
  type OwnActRefusal,
} from '@proofline/assurance';
import { OwnAct, ProblemError, type CredentialJson, type OwnActDone } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Messages } from '../types.ts';
import { changeOwn } from './change-own.ts';
import { readOwn, type OwnCaller } from './own-set.ts';
import type { Committed, ProvedAct } from './proved-act.ts';
import { refuseOwnAct } from './refuse-own-act.ts';

const Signed = z.object({ act: OwnAct }).loose();

/**
 * Takes the proof of a change that was begun, and makes the change. All is looked at again in the
 * transaction that makes it.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `authenticator.*`
 */
export async function proveOwnAct(
  context: Context,
  messages: Messages,
  { caller, answer }: { readonly caller: OwnCaller; readonly answer: CredentialJson },
): Promise<z.output<typeof OwnActDone>> {
  const { ceremonyId } = answer;
  const { sessionId } = caller;
  const at = new Date(context.clock.now());
  const ceremony = await context.storage.transaction((tx) =>
    context.rows.ceremonies.takeOwn(tx, { ceremonyId, kind: 'own-act', sessionId, at }),
  );
  if (!ceremony) throw new ProblemError('ceremony.expired');
  const { challenge, purpose } = ceremony;
  const { act } = Signed.parse(JSON.parse(purpose));
  const looked = await lookAt(context, { caller, answer, challenge });
  if ('because' in looked) return refuse(context, { caller, act, because: looked.because });
  const proof = keptAssertion(answer.credential, {
    context: purpose,
    key: looked.prover,
    rpId: context.rpId,
    origin: context.customersOrigin,
  });
  const committed = await context.storage.transaction((tx) =>
    commit(context, messages, { tx, proved: { ...looked, caller, act, proof } }),
  );
  if ('because' in committed) return refuse(context, { caller, act, because: committed.because });
  if (committed.evidenceId) await context.ledger.durable(committed.evidenceId);
  committed.afterwards?.();
  messages.kick();
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
  const { authenticators } = context.rows;
  const { id } = answer.credential;
  const prover = await authenticators.findByCredentialId(context.storage.db, id);
  if (prover?.customerId !== caller.customerId) return { because: 'not-their-passkey' };
  const { rpId, customersOrigin: origin, attestationPolicy: policy } = context;
  const verified = await verifyAssertion({
    credential: answer.credential,
    // The customer is known before, so the handle may be absent; another's is refused.
    expected: { challenge, origin, rpId, userHandle: prover.userHandle },
    stored: prover,
    policy,
    nowMs: context.clock.now(),
  });
  return verified.ok ? { prover, result: verified.value } : { because: verified.error.code };
}

async function commit(
  context: Context,
  messages: Messages,
  { tx, proved }: { readonly tx: Db; readonly proved: ProvedAct },
): Promise<Committed | { readonly because: string }> {
  const { act, caller, prover, result } = proved;
  const own = await readOwn(context, tx, caller.customerId);
  const refusal = ownActRefusal(act, own.set);
  if (refusal) return { because: refusal };
  if (!proversOf(act, own.set).includes(prover.authenticatorId)) {
    return { because: 'may-not-prove' };
  }
  // Of two equal answers one is a clone's: the counter is the one that was verified against.
  const now = own.rows.find(({ authenticatorId }) => authenticatorId === prover.authenticatorId);
  if (now?.counter !== prover.counter) return { because: 'counter-regressed' };
  const { backedUp, counter } = result;
  const at = new Date(context.clock.now());
  await context.rows.authenticators.recordUse(tx, prover, { counter, backedUp, at });
  return changeOwn(context, messages, { tx, proved, own });
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

function isRefusal(because: string): because is OwnActRefusal {
  return because.startsWith('authenticator.');
}
