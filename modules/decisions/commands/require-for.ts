import type { DecisionsContext } from '../context.ts';
import { tierOf } from '../domain/tier-of.ts';
import type { DecisionInput } from '../types.ts';
import type { Commit } from './commit-together.ts';
import { gatherOf } from './decide.ts';
import { prepare, restedOf, type Prepared } from './prepare.ts';
import { requirePermit } from './require-permit.ts';
import { requireAnswerable } from './still-permitted.ts';

/** How an act records under its permit. An object that is none of ours has no entry here. */
const commits = new WeakMap<object, Commit>();

/**
 * Decides as {@link requirePermit} does, for an act that changes nothing but by recording decisions of
 * its own: a question to the PDP. The permit to ask commits together with what was asked (P3), and by
 * itself where nothing was; in either case before this answers.
 *
 * @throws ProblemError as `requirePermit`, and what the act throws
 */
export async function requireFor<T>(
  context: DecisionsContext,
  input: DecisionInput,
  act: (permit: object) => Promise<T>,
): Promise<T> {
  const gathered = await gatherOf(context, input);
  const prepared = prepare(context.view(), input, gathered);
  const isOpen =
    prepared.evaluated.outcome.effect === 'permit' &&
    prepared.used.length === 0 &&
    tierOf(input.action) === 'low';
  if (!isOpen) {
    await requirePermit(context, input, prepared);
    return act({});
  }
  const commit = commitUnder(context.commit, prepared);
  const permit = {};
  commits.set(permit, commit);
  try {
    return await act(permit);
  } finally {
    // Before anybody is answered, whether the act came to record something or not.
    await commit([]);
    await requireAnswerable(context, prepared.evaluated.outcome, restedOf(prepared));
  }
}

/** The module as an act sees it that may have a permit to record. */
export function underPermit(context: DecisionsContext, permit: unknown): DecisionsContext {
  const commit = typeof permit === 'object' && permit !== null ? commits.get(permit) : undefined;
  return commit ? { ...context, commit } : context;
}

/** Records the permit with whatever is recorded first; after that, what it is given. */
function commitUnder(commit: Commit, permit: Prepared): Commit {
  let isRecorded = false;
  return async (prepared) => {
    if (isRecorded) return commit(prepared);
    const [, ...decisions] = await commit([permit, ...prepared]);
    isRecorded = true;
    return decisions;
  };
}
