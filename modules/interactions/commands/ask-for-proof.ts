import { ProblemError, type CaseType, type ProofRequest } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { judge, type Flow, type Verdict } from '../domain/check.ts';
import { askTable } from '../domain/proof-pipeline.ts';
import { gatherAskFacts, type Asking, type Gathered } from './ask-facts.ts';
import { openRequest } from './open-request.ts';

/**
 * Asks the customer of a call for a proof, by the account number that the caller says or by the call
 * code that they see. Double clicks, two agents and two servers come out as one open request.
 */
export async function askForProof(
  context: Context,
  wanted: { readonly ask: Asking; readonly purpose: CaseType },
): Promise<ProofRequest> {
  const staff = await context.staffOf(wanted.ask.agentId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the agent is not active' });
  const outcome = await commit(context, async (tx, tell) => {
    const gathered = await gatherAskFacts(context, tx, { ask: wanted.ask, tell });
    const flow: Flow = 'code' in wanted.ask ? 'customer' : 'agent';
    const verdict = judge(askTable, flow, gathered.facts);
    if (verdict && verdict.consequence !== 'silence') {
      await recordRefusedAsk(context, tx, { ask: wanted.ask, gathered, verdict, flow });
      return { refused: verdict };
    }
    const { call } = gathered;
    if (!call) throw new ProblemError('access.denied', { internal: 'no such call' });
    const work = { ...wanted, staff, tell };
    return { opened: await openRequest(context, tx, { work, gathered, call, verdict }) };
  });
  context.customers.messages.kick();
  if (outcome.refused) {
    const { problem, because } = outcome.refused;
    throw new ProblemError(problem, { internal: because });
  }
  return outcome.opened;
}

async function recordRefusedAsk(
  context: Context,
  tx: Db,
  refused: {
    readonly ask: Asking;
    readonly gathered: Gathered;
    readonly verdict: Verdict;
    readonly flow: Flow;
  },
): Promise<void> {
  const { ask, verdict, flow } = refused;
  const { call, customer } = refused.gathered;
  if (call && verdict.because === 'code-wrong') {
    await context.rows.interactions.countWrongCode(tx, call);
  }
  await context.ledger.record(tx, {
    kind: 'proof.refused',
    ...(call ? { causes: [call.evidenceId] } : {}),
    refs: { interactionId: ask.interactionId },
    subjects: { agent: ask.agentId, ...(customer ? { customer: customer.customerId } : {}) },
    facts: { because: verdict.because, startedBy: flow },
  });
}
