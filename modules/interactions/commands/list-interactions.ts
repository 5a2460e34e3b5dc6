import { writeFragment } from '@proofline/cedar';
import { limits, type Id } from '@proofline/kernel';
import { ProblemError, type InteractionSummary, type Role } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { InteractionState } from '../domain/interaction-state.ts';
import { callColumns } from '../store/call-columns.ts';
import type { InteractionRow, Sight } from '../store/interaction-rows.ts';
import type { StaffFacts } from '../types.ts';

/** Who sees the calls of a whole desk: their own desk's. */
const deskRoles: ReadonlySet<Role> = new Set(['supervisor', 'team-lead']);

interface Reader {
  readonly subjectId: Id<'stf'>;
  readonly staff: StaffFacts | undefined;
}

/** Their own call, or one of the desk that they lead. */
export function mayRead(call: InteractionRow, { subjectId, staff }: Reader): boolean {
  if (!staff) return false;
  return call.agentId === subjectId || (leadsDesk(staff) && call.desk === staff.desk);
}

function leadsDesk(staff: StaffFacts): boolean {
  return staff.roles.some((role) => deskRoles.has(role));
}

/** Whose cases somebody sees in lists: those of their own calls and, for who leads a desk, the desk's. */
export async function sightOf(context: Context, subjectId: Id<'stf'>): Promise<Sight> {
  const staff = await context.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the reader is not active' });
  return { agentId: subjectId, desk: leadsDesk(staff) ? staff.desk : undefined };
}

/** The calls that the policies let the caller read; the newest first. */
export async function listInteractions(
  context: Context,
  wanted: {
    readonly subjectId: Id<'stf'>;
    readonly sessionId: Id<'ses'>;
    readonly state: InteractionState | undefined;
  },
): Promise<InteractionSummary[]> {
  const { sessionId, state, subjectId } = wanted;
  const staff = await context.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the reader is not active' });
  const filter = await context.rowsPermitted({
    subject: { type: 'Staff', id: subjectId },
    sessionId,
    action: 'interaction:read',
    resourceType: 'Interaction',
    known: ['staff', 'session'],
    columns: callColumns({ subjectId, desk: staff.desk }),
  });
  if (filter.kind === 'none') return [];
  const calls = await context.rows.interactions.list(context.storage.db, {
    ...(filter.kind === 'where' && { where: writeFragment(filter.where) }),
    state,
    limit: limits.pageMaxItems,
  });
  return summarize(context, calls);
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
