import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { proposePolicies } from '../commands/propose-policies.ts';
import { findUse } from './find-unused.ts';
import { takeOut, type Removal } from './take-out.ts';

/**
 * Proposes the live policies without what these roles hold and never used. What was used meanwhile is
 * not taken. The named cases go along as they are: one that needs what is taken out fails, is shown
 * with the candidate, and keeps it from becoming live until somebody has thought about it.
 *
 * @throws ProblemError `policy.moved-on` when something of it was used, or is no longer held;
 *   `policy.unsound`, `request.too-many`
 */
export async function proposeNarrower(
  context: DecisionsContext,
  wish: {
    readonly actor: Id<'stf'>;
    readonly days: number;
    readonly remove: readonly Removal[];
    readonly note: string;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<CandidateRow> {
  const { live, cases, roles } = await findUse(context, { days: wish.days });
  const isUnused = ({ role, action }: Removal) =>
    roles.some(
      (one) =>
        one.role === role &&
        one.held.some(
          (held) => held.action === action && held.uses === 0 && held.keptBecause === undefined,
        ),
    );
  if (!wish.remove.every(isUnused)) throw new ProblemError('policy.moved-on');
  const policies = live.policies.map((file) => {
    const narrower = takeOut(file, wish.remove);
    if (narrower === undefined) throw new ProblemError('policy.moved-on');
    return narrower;
  });
  const handed: unknown = JSON.parse(cases);
  return proposePolicies(context, {
    proposedBy: wish.actor,
    text: { schema: live.schema, policies },
    cases: Array.isArray(handed) ? handed : [],
    invariants: live.invariants ?? [],
    note: wish.note,
    causes: [wish.decisionEvidenceId],
  });
}
