import { parsePolicies } from '@proofline/cedar';
import { isId } from '@proofline/kernel';
import type { DecisionCase, PolicySet, ReleaseText } from '@proofline/policy';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { casesOf, compileStored, textOf } from '../domain/verify-release.ts';
import type { CandidateRow, ReleaseRow } from '../../store/tables.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { findRelease } from '../store/release-rows.ts';

/** A stored set, compiled, with its texts and cases. */
export interface StoredSet {
  readonly set: PolicySet;
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
    const set = compileStored({ ...candidate, sequence: candidate.base_sequence + 1 });
    return { set, text: textOf(candidate), cases: casesOf(candidate), candidate };
  }
  const live = context.release();
  const sequence = setId === 'live' ? live.ref.sequence : Number(setId);
  const isNumber = Number.isInteger(sequence) && sequence > 0 && sequence < 2 ** 31;
  const release = isNumber ? await findRelease(storage.db, tenant, sequence) : undefined;
  if (!release) throw new ProblemError('policy.unknown');
  const set = release.digest === live.set.digest ? live.set : compileStored(release);
  return { set, text: textOf(release), cases: casesOf(release), release };
}

/** Policy id → the file that it stands in. */
export function pathsOf(text: ReleaseText): ReadonlyMap<string, string> {
  return new Map(
    text.policies.flatMap(({ path, text: file }) =>
      parsePolicies(file).map(({ policy }) => [policy.annotations['id'] ?? '', path] as const),
    ),
  );
}
