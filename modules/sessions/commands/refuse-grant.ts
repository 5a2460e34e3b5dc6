import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import type { GrantRequest } from '../domain/grant-request.ts';
import type { SessionRow } from '../store/tables.ts';
import type { GrantFacts, GrantProgram } from '../types.ts';

/** Notes that a grant was refused, to whom, and which program asked for it. */
export async function refuseGrant(
  context: SessionsContext,
  refusal: {
    readonly subjectId: Id<'stf'>;
    readonly row: SessionRow;
    /** Without its actions: they were not read. */
    readonly request: Pick<GrantRequest, 'caseId'> & Partial<GrantRequest>;
    readonly because: string;
    /** As in {@link GrantAsk}. */
    readonly audience?: string;
    readonly programs?: readonly GrantProgram[];
    readonly parent?: GrantFacts;
  },
): Promise<void> {
  const { audience, parent, programs = [], request, row } = refusal;
  const last = programs.at(-1);
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'grant.refused',
      causes: [row.evidence_id, ...(parent ? [parent.evidenceId] : [])],
      refs: {
        sessionId: row.session_id,
        caseId: request.caseId,
        ...(parent && { parentId: parent.grantId }),
      },
      subjects: { actor: refusal.subjectId, ...(last && { service: last.serviceId }) },
      facts: {
        because: refusal.because,
        ...(request.actions && { actions: request.actions }),
        ...(last && { programs: programs.map(({ serviceId }) => serviceId) }),
        ...(audience !== undefined && { audience }),
      },
    }),
  );
}
