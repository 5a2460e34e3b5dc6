import type { InteractionSummary, Total } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { InteractionState } from '../domain/interaction-state.ts';
import { callColumns } from '../store/call-columns.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import { readerOf, type Reading } from './reader-of.ts';

/** The calls that the policies let the caller read; the newest first. */
export async function listInteractions(
  context: Context,
  wanted: Reading & { readonly state: InteractionState | 'not-ended' | undefined },
): Promise<{ interactions: InteractionSummary[]; total: Total }> {
  const reader = await readerOf(context, wanted);
  const where = await reader.permitted({
    action: 'interaction:read',
    resourceType: 'Interaction',
    columns: callColumns,
  });
  const { rows, total } = await reader.confined((tx) =>
    context.rows.interactions.list(tx, { where, state: wanted.state }),
  );
  return { interactions: await summarize(context, rows), total };
}

/** Calls as lists show them. */
export async function summarize(
  context: Context,
  calls: readonly InteractionRow[],
): Promise<InteractionSummary[]> {
  const { db } = context.storage;
  const ids = calls.map((call) => call.interactionId);
  const proved = await context.rows.proofs.listProvedCalls(db, ids);
  const over = calls.filter((call) => call.state === 'ended').map((call) => call.interactionId);
  const ended = await context.rows.proofs.listEndedOf(db, over);
  const names = new Map<string, string | undefined>();
  for (const { agentId } of calls) {
    if (names.has(agentId)) continue;
    names.set(agentId, (await context.staffOf(agentId))?.displayName);
  }
  return Promise.all(
    calls.map(async (call) => {
      const file = call.caseId && (await context.rows.cases.find(db, call.caseId));
      const agentName = names.get(call.agentId);
      const was = ended.get(call.interactionId);
      return {
        interactionId: call.interactionId,
        channel: call.channel,
        state: call.state,
        agentId: call.agentId,
        ...(agentName !== undefined && { agentName }),
        ...(file && { caseId: file.caseId, caseType: file.caseType }),
        callerProved: proved.has(call.interactionId),
        ...(was && {
          endedProof: { provedAt: was.boundAt.toISOString(), endedAt: was.endedAt.toISOString() },
        }),
        startedAt: call.startedAt.toISOString(),
        ...(call.endedAt && { endedAt: call.endedAt.toISOString() }),
      };
    }),
  );
}
