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
import type { CustomerCredential } from '../types.ts';
import { capOf } from './counting-credentials.ts';
import type { OwnCaller } from './own-set.ts';

const Signed = z.object({ request: z.object({ requestId: idOf('sir') }).loose() }).loose();

interface Proved {
  readonly prover: CustomerCredential;
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
  const { customerId: subjectId, sessionId } = caller;
  const ceremony = await context.rows.ceremonies.takeOwn(context.storage.db, {
    ceremonyId: answer.ceremonyId,
    kind: 'sign-in-request',
    sessionId,
    at: new Date(context.clock.now()),
  });
  if (!ceremony) throw new ProblemError('ceremony.expired');
  const { challenge, purpose } = ceremony;
  const { requestId } = Signed.parse(JSON.parse(purpose)).request;
  const of = { caller, requestId };
  const looked = await lookAt(context, { answer, caller, challenge });
  if ('because' in looked) return refuse(context, { ...of, because: looked.because });
  const allow = await context.customerSignInRequests.prepareAllowing({ requestId, subjectId });
  if (!allow) throw new ProblemError('sign-in-request.unknown');
  const proof = keptAssertion(answer.credential, {
    context: purpose,
    key: looked.prover,
    rpId: context.rpId,
    origin: context.customersOrigin,
  });
  const evidenceId = await commit(context, { ...looked, allow, proof, sessionId });
  if (evidenceId === 'used-meanwhile') return refuse(context, { ...of, because: evidenceId });
  if (!evidenceId) throw new ProblemError('sign-in-request.unknown');
  await context.ledger.durable(evidenceId);
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
  const { attestationPolicy: policy, customersOrigin: origin, rpId, rows, storage } = context;
  const { credential } = answer;
  const prover = await rows.authenticators.findByCredentialId(storage.db, credential.id);
  if (prover?.customerId !== caller.customerId) return { because: 'not-their-passkey' };
  const verified = await verifyAssertion({
    credential,
    // The customer is known before, so the handle may be absent; another's is refused.
    expected: { challenge, origin, rpId, userHandle: prover.userHandle },
    stored: prover,
    policy,
    nowMs: context.clock.now(),
  });
  if (!verified.ok) return { because: verified.error.code };
  const cap = (await capOf(context, storage.db, caller.customerId)) ?? prover.atMost;
  return { prover, result: { ...verified.value, acr: lowerAcr(verified.value.acr, cap) } };
}

function commit(
  context: Context,
  given: Proved & {
    readonly allow: AllowSignIn;
    readonly sessionId: Id<'ses'>;
    readonly proof: ReturnType<typeof keptAssertion>;
  },
): Promise<Id<'evt'> | 'used-meanwhile' | undefined> {
  const { allow, proof, prover, result, sessionId } = given;
  const { acr, amr, backedUp, counter } = result;
  const { authenticators } = context.rows;
  return context.storage.transaction(async (tx) => {
    // Used or removed by somebody at the same moment: of two equal answers one is a clone's.
    const now = await authenticators.findByCredentialId(tx, prover.credentialId);
    const at = new Date(context.clock.now());
    if (now?.counter !== prover.counter) return 'used-meanwhile';
    const isThere = await authenticators.recordUse(tx, prover, { counter, backedUp, at });
    if (!isThere) return 'used-meanwhile';
    return allow(tx, {
      sessionId,
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
  const { customerId, sessionId } = caller;
  const granted = context.budget.take(`sign-in-request:${customerId}`);
  if (granted) {
    await context.storage.transaction(async (tx) => {
      const evidenceId = await context.ledger.record(tx, {
        kind: 'sign-in-request.not-proved',
        refs: { requestId, sessionId },
        subjects: { customer: customerId },
        facts: { because, ...(granted.suppressed > 0 && granted) },
      });
      const at = new Date(context.clock.now());
      const line = { kind: 'refused', tried: 'sign-in' } as const;
      await context.rows.history.add(tx, { ...line, evidenceId, customerId, at });
    });
  }
  throw new ProblemError('ceremony.refused', { internal: because });
}
