import type { Id } from '@proofline/kernel';
import type { ReleaseText } from '@proofline/policy';
import { ProblemError } from '@proofline/protocol';
import { z } from 'zod';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { proposePolicies } from '../commands/propose-policies.ts';
import { compiler } from '../compile/compiler.ts';
import { readCases } from '../domain/read-handed.ts';
import { findUse } from './find-unused.ts';
import { takeOut, type Removal } from './take-out.ts';

/**
 * Proposes the live policies without what these roles hold and never used. What was used meanwhile is
 * not taken. A named case that needs what is taken out fails, is shown with the candidate, and keeps it
 * from becoming live; with `dropCases` those go too, and whoever makes it live has to have read which.
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
    readonly dropCases: boolean;
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
  const text = { schema: live.schema, policies };
  const held: unknown = JSON.parse(cases);
  const handed = Array.isArray(held) ? held : [];
  return proposePolicies(context, {
    proposedBy: wish.actor,
    text,
    cases: wish.dropCases ? await withoutBroken({ text, handed }, wish.remove) : handed,
    invariants: live.invariants ?? [],
    note: wish.note,
    causes: [wish.decisionEvidenceId],
  });
}

/** The cases without those that are about what is taken out and come out otherwise without it. */
async function withoutBroken(
  { handed, text }: { readonly text: ReleaseText; readonly handed: readonly unknown[] },
  removals: readonly Removal[],
): Promise<readonly unknown[]> {
  const { cases } = readCases(handed);
  const about = cases.filter(({ question, facts }) =>
    removals.some(
      ({ action, role }) => question.action === action && rolesIn(facts['staff']).includes(role),
    ),
  );
  const looked = await compiler.lookOver({ text, cases: about, isStored: false }, 'ordinary');
  // What does not compile is said when it is proposed.
  const failed = looked.parts === undefined ? [] : looked.outcome.failed;
  const broken = new Set(failed.map(({ name }) => name));
  return cases.filter(({ name }) => !broken.has(name));
}

const StaffFacts = z.object({ roles: z.array(z.string()) });

function rolesIn(staff: unknown): readonly string[] {
  return StaffFacts.safeParse(staff).data?.roles ?? [];
}
