import { newId, type Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { commit } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';

interface Announcement {
  /** The telephony system's own id of the call: announcing it twice is announcing it once. */
  readonly externalId: string;
  readonly channel: 'call' | 'chat' | 'video';
  readonly agentId: Id<'stf'>;
  /** The service that announces. */
  readonly startedBy: string;
}

/** A call rings at an agent's desk. Nothing that the caller says is taken over. */
export async function startInteraction(
  context: Context,
  call: Announcement,
): Promise<{ readonly interactionId: Id<'int'> }> {
  const staff = await context.staffOf(call.agentId);
  return commit(context, async (tx, tell) => {
    const known = await context.rows.interactions.findByExternalId(tx, call.externalId);
    if (known) {
      if (known.agentId === call.agentId) return { interactionId: known.interactionId };
      throw new ProblemError('request.malformed', { detail: 'externalId: another agent’s call' });
    }
    if (!staff) throw new ProblemError('request.malformed', { detail: 'agentId: nobody here' });
    const interactionId = newId('int', context);
    const evidenceId = await context.ledger.record(tx, {
      kind: 'interaction.started',
      refs: { interactionId },
      subjects: { agent: call.agentId, actor: call.startedBy },
      facts: { channel: call.channel, desk: staff.desk },
    });
    await context.rows.interactions.insert(tx, {
      interaction_id: interactionId,
      external_id: call.externalId,
      channel: call.channel,
      state: 'ringing',
      agent_id: call.agentId,
      desk: staff.desk,
      case_id: null,
      wrong_codes: 0,
      started_at: nowOf(context),
      ended_at: null,
      evidence_id: evidenceId,
    });
    const { desk } = staff;
    tell({ type: 'interaction.changed', staffId: call.agentId, desk, interactionId });
    return { interactionId };
  });
}
