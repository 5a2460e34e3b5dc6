import { assertionOptions } from '@proofline/assurance';
import { newId } from '@proofline/kernel';
import { ProblemError, type CeremonyOptions } from '@proofline/protocol';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { judge } from '../domain/check.ts';
import { challengeOf } from '../domain/proof-context.ts';
import { openTable } from '../domain/proof-pipeline.ts';
import { findWithCall, refuseAnswer, type Approach } from './refuse-answer.ts';

interface Opening extends Approach {
  readonly matchingNumber: string | undefined;
}

/**
 * The passkey prompt of a request, once its number is right. The challenge is SHA-256 of the
 * context's text, which is answered too, so that the page shows what is signed.
 */
export async function proofOptions(
  context: Context,
  input: Opening,
): Promise<CeremonyOptions & { context: string }> {
  const outcome = await commit(context, async (tx, tell) => {
    const { request, call } = await findWithCall(context, tx, input);
    const verdict = judge(openTable, request.startedBy, {
      nowMs: context.clock.now(),
      call,
      request,
      matchingNumber: request.matchingNumber,
      numberGiven: input.matchingNumber,
    });
    if (verdict) return { problem: await refuseAnswer(context, tx, { request, verdict, tell }) };
    const ceremonyId = newId('cas', context);
    await context.rows.requests.setCeremony(tx, request.proofRequestId, ceremonyId);
    return { request, ceremonyId };
  });
  if (outcome.problem) throw new ProblemError(outcome.problem);
  const { request, ceremonyId } = outcome;
  const publicKey = assertionOptions({
    rpId: context.rpId,
    challenge: challengeOf(request.context),
    // Nobody is named: a message may be read by others in the house, and it names no customer (P9).
    allow: [],
    timeoutMs: Math.max(1, request.expiresAt.getTime() - context.clock.now()),
  });
  return {
    ceremonyId,
    publicKey,
    expiresAt: request.expiresAt.toISOString(),
    context: request.context,
  };
}
