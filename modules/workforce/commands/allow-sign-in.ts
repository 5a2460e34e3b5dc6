import {
  keptAssertion,
  lowerAcr,
  verifyAssertion,
  type AssertionResult,
} from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { idOf, ProblemError, type CredentialJson } from '@proofline/protocol';
import type { AllowSignIn } from '@proofline/sessions';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { isRecovered } from '../store/staff-rows.ts';
import { noteUse } from './note-use.ts';
import type { OwnCaller } from './own-set.ts';

const Signed = z.object({ request: z.object({ requestId: idOf('sir') }).loose() }).loose();

interface Proved {
  readonly prover: AuthenticatorRow;
  readonly result: AssertionResult;
}

/**
 * Takes the passkey over the request that was begun, and lets the application have its answer. It makes no
 * session and raises none: what it opens is the application’s, and nobody’s browser here.
 *
 * @throws ProblemError `ceremony.expired`, `ceremony.refused`, `sign-in-request.unknown`
 */
export async function allowSignIn(
  context: Context,
  { answer, caller }: { readonly answer: CredentialJson; readonly caller: OwnCaller },
): Promise<void> {
  const { rows, storage } = context;
  const ceremony = await rows.ceremonies.take(storage.db, {
    ceremonyId: answer.ceremonyId,
    kind: 'sign-in-request',
    boundTo: caller.sessionId,
    at: new Date(context.clock.now()),
  });
  if (!ceremony || ceremony.subjectId !== caller.subjectId)
    throw new ProblemError('ceremony.expired');
  const { challenge, purpose = '{}' } = ceremony;
  const { requestId } = Signed.parse(JSON.parse(purpose)).request;
  const of = { caller, requestId };
  const looked = await lookAt(context, { answer, caller, challenge });
  if ('because' in looked) return refuse(context, { ...of, because: looked.because });
  const { subjectId } = caller;
  const allow = await context.signInRequests.prepareAllowing({ requestId, subjectId });
  if (!allow) throw new ProblemError('sign-in-request.unknown');
  const proof = keptAssertion(answer.credential, {
    context: purpose,
    key: looked.prover,
    rpId: context.rpId,
    origin: context.staffOrigin,
  });
  const evidenceId = await commit(context, { ...looked, allow, proof, caller });
  if (evidenceId === 'used-meanwhile') return refuse(context, { ...of, because: evidenceId });
  if (!evidenceId) throw new ProblemError('sign-in-request.unknown');
  await context.ledger.durable(evidenceId);
  context.notify({ type: 'sign-in-request.changed', subjectId });
}

/** Whether it is a genuine assertion over this request, by a passkey of the caller, and what it counts as. */
async function lookAt(
  context: Context,
  given: {
    readonly answer: CredentialJson;
    readonly caller: OwnCaller;
    readonly challenge: string;
  },
): Promise<Proved | { readonly because: string }> {
  const { answer, caller, challenge } = given;
  const { db } = context.storage;
  const prover = await context.rows.authenticators.findByCredentialId(db, answer.credential.id);
  const owner = await context.rows.staff.findById(db, caller.subjectId);
  if (!owner || prover?.subjectId !== caller.subjectId) return { because: 'not-their-passkey' };
  const { attestationPolicy: policy, rpId, staffOrigin: origin } = context;
  const nowMs = context.clock.now();
  const verified = await verifyAssertion({
    credential: answer.credential,
    // The subject is known before, so the handle may be absent; another's is refused.
    expected: { challenge, origin, rpId, userHandle: prover.userHandle },
    stored: prover,
    policy,
    nowMs,
  });
  if (!verified.ok) return { because: verified.error.code };
  const acr = isRecovered(owner, nowMs) ? 'phr' : lowerAcr(verified.value.acr, prover.atMost);
  return { prover, result: { ...verified.value, acr } };
}

function commit(
  context: Context,
  given: Proved & {
    readonly allow: AllowSignIn;
    readonly caller: OwnCaller;
    readonly proof: ReturnType<typeof keptAssertion>;
  },
): Promise<Id<'evt'> | 'used-meanwhile' | undefined> {
  const { allow, caller, proof, prover, result } = given;
  const { acr, amr, backedUp, counter } = result;
  return context.storage.transaction(async (tx) => {
    const use = { backedUp, counter, countsAs: acr, at: new Date(context.clock.now()) };
    // Used or removed by somebody at the same moment: of two equal answers one is a clone's.
    if (!(await noteUse(context, tx, { stored: prover, use }))) return 'used-meanwhile';
    return allow(tx, {
      sessionId: caller.sessionId,
      login: { acr, amr, authenticatorId: prover.authenticatorId },
      authenticatorEvidenceId: prover.evidenceId,
      proof,
    });
  });
}

async function refuse(
  context: Context,
  refused: {
    readonly caller: OwnCaller;
    readonly requestId: Id<'sir'>;
    readonly because: string;
  },
): Promise<never> {
  const { because, caller, requestId } = refused;
  const granted = context.budget.take(`sign-in-request:${caller.subjectId}`);
  if (granted) {
    await context.storage.transaction((tx) =>
      context.ledger.record(tx, {
        kind: 'sign-in-request.not-proved',
        refs: { requestId, sessionId: caller.sessionId },
        subjects: { actor: caller.subjectId },
        facts: { because, ...(granted.suppressed > 0 && granted) },
      }),
    );
  }
  throw new ProblemError('ceremony.refused', { internal: because });
}
