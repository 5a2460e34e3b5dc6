import { lowerAcr, verifyAssertion, type AssertionResult } from '@proofline/assurance';
import type { CustomerCredential } from '@proofline/customers';
import { ok, type Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson, type ProblemCode } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { commit, type Tell } from '../commit.ts';
import type { Context } from '../context.ts';
import { judge } from '../domain/check.ts';
import { challengeOf } from '../domain/proof-context.ts';
import type { AnswerFacts } from '../domain/proof-facts.ts';
import { answerTable } from '../domain/proof-pipeline.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import { bindProof } from './bind-proof.ts';
import { findWithCall, refuseAnswer, type Approach } from './refuse-answer.ts';

interface Verified {
  readonly credential: CustomerCredential;
  readonly assertion: NonNullable<AnswerFacts['assertion']>;
}

/**
 * The customer's answer: binds the proof to the call, or is refused; exactly one of the two, once.
 * Answers when the entry is durable.
 */
export async function answerProof(
  context: Context,
  input: Approach & { readonly answer: CredentialJson },
): Promise<void> {
  const { request } = await findWithCall(context, context.storage.db, input);
  // Verified outside of the transaction: what it rests on (context, key) never changes.
  const verified = await verify(context, request, input.answer);
  const outcome = await commit(context, (tx, tell) =>
    decide(context, tx, { ...input, verified, tell }),
  );
  if (outcome.problem) throw new ProblemError(outcome.problem);
  await context.ledger.durable(outcome.evidenceId);
}

async function verify(
  context: Context,
  request: ProofRequestRow,
  { credential }: CredentialJson,
): Promise<Verified | undefined> {
  if (!request.customerId) return undefined;
  const theirs = await context.customers.credentialsOf(context.storage.db, request.customerId);
  const stored = theirs.find((one) => one.credentialId === credential.id);
  if (!stored) return undefined;
  const assertion = await verifyAssertion({
    credential,
    flow: 'customerProof',
    expected: {
      challenge: challengeOf(request.context),
      origin: context.customersOrigin,
      rpId: context.rpId,
      userHandle: stored.userHandle,
      allow: theirs.map(({ credentialId }) => credentialId),
    },
    stored,
    policy: context.attestationPolicy,
    nowMs: context.clock.now(),
  });
  // It counts as no more than the passkey that vouched for it.
  const capped: Verified['assertion'] = assertion.ok
    ? ok({ ...assertion.value, acr: lowerAcr(assertion.value.acr, stored.atMost) })
    : assertion;
  return { credential: stored, assertion: capped };
}

async function decide(
  context: Context,
  tx: Db,
  input: Approach & {
    readonly answer: CredentialJson;
    readonly verified: Verified | undefined;
    readonly tell: Tell;
  },
): Promise<
  { readonly problem: ProblemCode } | { readonly problem?: never; readonly evidenceId: Id<'evt'> }
> {
  const { answer, verified, tell } = input;
  const { request, call } = await findWithCall(context, tx, input);
  const [proved] = await context.rows.proofs.listLive(tx, request.interactionId);
  const verdict = judge(answerTable, request.startedBy, {
    nowMs: context.clock.now(),
    call,
    request,
    ceremonyIssued: request.ceremonyId,
    ceremonyGiven: answer.ceremonyId,
    provedCustomer: proved?.customerId,
    askedCustomer: request.customerId,
    assertion: verified?.assertion,
  });
  if (verdict) return { problem: await refuseAnswer(context, tx, { request, verdict, tell }) };
  const result: AssertionResult | undefined = verified?.assertion.ok
    ? verified.assertion.value
    : undefined;
  if (!verified || !result || !call) throw new ProblemError('server.failed');
  const { credential } = verified;
  return {
    evidenceId: await bindProof(context, tx, { request, call, answer, credential, result, tell }),
  };
}
