import {
  checkDecisionCase,
  compileRelease,
  PolicyReleaseError,
  type DecisionCase,
  type PolicySet,
  type ReleaseText,
} from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { insertRelease, newestRelease } from '../store/release-rows.ts';

/** Makes a set of policies current. The same content again is the same release. */
export async function releasePolicies(
  context: DecisionsContext,
  text: ReleaseText,
  cases: readonly DecisionCase[] = [],
): Promise<ReleaseRef> {
  const set = compileRelease(text);
  const newest = await newestRelease(context.storage.db, context.tenant);
  if (newest?.digest !== set.digest) checkCases(set, cases);

  const release = await context.storage.transaction(async (tx) => {
    const previous = await newestRelease(tx, context.tenant);
    if (previous?.digest === set.digest) {
      return { ref: refOf(previous), releasedAt: previous.released_at };
    }
    const ref: ReleaseRef = { sequence: (previous?.sequence ?? 0) + 1, digest: set.digest };
    const releasedAt = new Date(context.clock.now());
    const evidenceId = await context.ledger.record(tx, {
      kind: 'policy.released',
      facts: {
        ...ref,
        policies: set.policies.size,
        casesPassed: cases.length,
        ...(previous && { previousDigest: previous.digest }),
      },
    });
    await insertRelease(tx, context.tenant, { ref, text, releasedAt, evidenceId });
    return { ref, releasedAt };
  });
  context.setRelease({ set, ...release });
  return release.ref;
}

function refOf(row: ReleaseRef): ReleaseRef {
  return { sequence: row.sequence, digest: row.digest };
}

function checkCases(set: PolicySet, cases: readonly DecisionCase[]): void {
  const problems = cases.flatMap((one) =>
    checkDecisionCase(set, one).map((problem) => `case ${one.name}: ${problem}`),
  );
  if (problems.length > 0) throw new PolicyReleaseError(problems);
}
