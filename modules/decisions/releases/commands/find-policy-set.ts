import { parsePolicies } from '@proofline/cedar';
import { isId } from '@proofline/kernel';
import type { DecisionCase, ReleaseParts, ReleaseText } from '@proofline/policy';
import { ProblemError, type CaseOutcome } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { casesOf, lookOverStored, textOf, type StoredText } from '../domain/verify-release.ts';
import type { CandidateRow, ReleaseRow } from '../../store/tables.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { findRelease } from '../store/release-rows.ts';

/** A stored set, looked over, with its texts and cases. */
export interface StoredSet {
  readonly set: ReleaseParts;
  readonly outcome: CaseOutcome;
  readonly text: ReleaseText;
  readonly cases: readonly DecisionCase[];
  readonly release?: ReleaseRow;
  readonly candidate?: CandidateRow;
}

/**
 * The set that `live`, a release’s number or a candidate’s id names.
 *
 * @throws ProblemError `policy.unknown`
 */
export async function findPolicySet(context: DecisionsContext, setId: string): Promise<StoredSet> {
  const { storage, tenant } = context;
  if (isId('pcd', setId)) {
    const candidate = await findCandidate(storage.db, tenant, setId);
    if (!candidate) throw new ProblemError('policy.unknown');
    const stored = { ...candidate, sequence: candidate.base_sequence + 1 };
    return { ...(await read(stored)), candidate };
  }
  const sequence = setId === 'live' ? context.release().ref.sequence : Number(setId);
  const isNumber = Number.isInteger(sequence) && sequence > 0 && sequence < 2 ** 31;
  const release = isNumber ? await findRelease(storage.db, tenant, sequence) : undefined;
  if (!release) throw new ProblemError('policy.unknown');
  return { ...(await read(release)), release };
}

async function read(row: StoredText & Pick<ReleaseRow, 'cases'>) {
  const cases = casesOf(row);
  const { parts, outcome } = await lookOverStored(row, { cases });
  return { set: parts, outcome, text: textOf(row), cases };
}

/** Policy id → the file that it stands in. */
export function pathsOf(text: ReleaseText): ReadonlyMap<string, string> {
  return new Map(
    text.policies.flatMap(({ path, text: file }) =>
      parsePolicies(file).map(({ policy }) => [policy.annotations['id'] ?? '', path] as const),
    ),
  );
}
