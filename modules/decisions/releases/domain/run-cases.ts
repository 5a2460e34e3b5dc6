import { checkDecisionCase, type DecisionCase, type PolicySet } from '@proofline/policy';
import type { CaseOutcome } from '@proofline/protocol';

/** As many failing cases as are told of; the count says how many there are. */
const TOLD_MAX = 50;

/** Decides every named case under a set of policies. */
export function runCases(set: PolicySet, cases: readonly DecisionCase[]): CaseOutcome {
  const failed = cases.flatMap((one) => {
    const problems = checkDecisionCase(set, one);
    return problems.length === 0 ? [] : [{ name: one.name, problems }];
  });
  return {
    passed: cases.length - failed.length,
    failedCount: failed.length,
    failed: failed.slice(0, TOLD_MAX),
  };
}
