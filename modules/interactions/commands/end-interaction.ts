import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { commit, type Tell } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import { closeRequest } from './close-request.ts';
import { endProofs } from './end-proofs.ts';

interface Ending {
  readonly interactionId: Id<'int'>;
  /** Who ends it: the telephony system, or the agent, who ends only their own calls. */
  readonly endedBy: { readonly service: string } | { readonly agent: Id<'stf'> };
}

/**
 * Ends a call: in one transaction its open request, its proofs, its grants and its cases end too
 * (P5, P6). Ending it again changes nothing.
 */
export async function endInteraction(context: Context, ending: Ending): Promise<void> {
  const { endedBy } = ending;
  await commit(context, async (tx, tell) => {
    const call = await context.rows.interactions.find(tx, ending.interactionId);
    if (!call || ('agent' in endedBy && call.agentId !== endedBy.agent)) {
      throw new ProblemError('access.denied', { internal: 'not a call of this caller' });
    }
    const { interactionId, agentId, desk } = call;
    if (!(await context.rows.interactions.end(tx, interactionId, nowOf(context)))) return;
    const evidenceId = await recordEnd(context, tx, { call, endedBy });
    await endWhatHangsOn(context, tx, { call, evidenceId, tell });
    tell({ type: 'interaction.changed', staffId: agentId, desk, interactionId });
  });
}

async function recordEnd(
  context: Context,
  tx: Db,
  ended: { readonly call: InteractionRow; readonly endedBy: Ending['endedBy'] },
): Promise<Id<'evt'>> {
  const { call, endedBy } = ended;
  const actor = 'agent' in endedBy ? endedBy.agent : endedBy.service;
  return context.ledger.record(tx, {
    kind: 'interaction.ended',
    causes: [call.evidenceId],
    refs: { interactionId: call.interactionId, ...(call.caseId ? { caseId: call.caseId } : {}) },
    subjects: { agent: call.agentId, actor },
    facts: { endedBy: 'agent' in endedBy ? 'agent' : 'telephony' },
  });
}

async function endWhatHangsOn(
  context: Context,
  tx: Db,
  ended: { readonly call: InteractionRow; readonly evidenceId: Id<'evt'>; readonly tell: Tell },
): Promise<void> {
  const { interactionId, agentId } = ended.call;
  const causes = [ended.evidenceId];
  const request = await context.rows.requests.findOpenOfCall(tx, interactionId);
  if (request) {
    await closeRequest(context, tx, { request, because: 'call-ended', causes, tell: ended.tell });
  }
  await endProofs(context, tx, { interactionId, agentId, because: 'call-ended', causes });
  await context.rows.cases.closeOfCall(tx, interactionId, nowOf(context));
  await context.sessions.endGrantsOf(tx, interactionId, 'call-ended', causes);
}
