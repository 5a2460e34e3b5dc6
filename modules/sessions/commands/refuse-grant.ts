import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import type { GrantRequest } from '../domain/grant-request.ts';
import type { SessionRow } from '../store/tables.ts';

/** Notes that a grant was refused, and to whom. */
export async function refuseGrant(
  context: SessionsContext,
  refusal: {
    readonly subjectId: Id<'stf'>;
    readonly row: SessionRow;
    readonly request: GrantRequest;
    readonly because: string;
  },
): Promise<void> {
  const { row, request } = refusal;
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'grant.refused',
      causes: [row.evidence_id],
      refs: { sessionId: row.session_id, caseId: request.caseId },
      subjects: { actor: refusal.subjectId },
      facts: { because: refusal.because, actions: request.actions },
    }),
  );
}
