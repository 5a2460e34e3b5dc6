import { ProblemError, type CaseOutcome, type PolicyFault } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { inspectProposal, type Proposal } from './propose-policies.ts';

/** What a set would be told if it were proposed. Nothing is kept, and what is live is not touched. */
export async function checkPolicies(
  context: DecisionsContext,
  proposal: Pick<Proposal, 'text' | 'cases' | 'invariants'>,
): Promise<{
  readonly faults: PolicyFault[];
  readonly outcome?: CaseOutcome;
  readonly digest?: string;
}> {
  try {
    const { parts, outcome } = await inspectProposal(context, proposal);
    return { faults: [], outcome, digest: parts.digest };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'policy.unsound') throw error;
    return { faults: [...(error.details.faults ?? [])] };
  }
}
