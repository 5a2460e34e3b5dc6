import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';

/**
 * Whether a candidate still waits. Its row says so, and the evidence log that nobody withdrew or
 * promoted it: whoever can write the row can set its state back, and take a signature away that
 * would say otherwise; from the log, which is signed and held by a mark outside, they cannot.
 */
export async function isOpen(
  { ledger }: Pick<DecisionsContext, 'ledger'>,
  row: Pick<CandidateRow, 'candidate_id' | 'state'>,
): Promise<boolean> {
  if (row.state !== 'open') return false;
  const closing = ['policy.withdrawn', 'policy.promoted'] as const;
  return (await ledger.newestFacts(closing, row.candidate_id)) === undefined;
}

/** @throws ProblemError `candidate.closed` */
export async function requireOpen(
  context: Pick<DecisionsContext, 'ledger'>,
  row: Pick<CandidateRow, 'candidate_id' | 'state'>,
): Promise<void> {
  if (!(await isOpen(context, row))) throw new ProblemError('candidate.closed');
}
