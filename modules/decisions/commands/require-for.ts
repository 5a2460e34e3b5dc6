import { newId } from '@proofline/kernel';
import type { DecisionsContext } from '../context.ts';
import { tierOf } from '../domain/tier-of.ts';
import type { DecisionInput } from '../types.ts';
import type { Asking, AskingState } from '../domain/prepared.ts';
import type { Commit } from './commit-together.ts';
import { gatherOf } from './decide.ts';
import { prepare, restedOf } from './prepare.ts';
import { requirePermit } from './require-permit.ts';
import { requireAnswerable } from './still-permitted.ts';

/** How an act records under its permit. An object that is none of ours has no entry here. */
const permits = new WeakMap<object, Pick<DecisionsContext, 'commit' | 'asking'>>();

/**
 * Decides as {@link requirePermit} does, for an act that changes nothing but by recording decisions of
 * its own: a question to the PDP, or what became of one. The permit to ask is told of in the entry of
 * what was asked, and commits with it (P3); where nothing was, it has an entry of its own. In either
 * case before this answers.
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
    // Facts about a person are sealed with an entry of their own.
    input.subject.type === 'Service' &&
    tierOf(input.action) === 'low';
  if (!isOpen) {
    await requirePermit(context, input, prepared);
    return act({});
  }
  const asking = createAskingState({ ...prepared, decisionId: newId('dec', context) });
  const commit = commitUnder(context.commit, asking);
  const permit = {};
  permits.set(permit, { commit, asking });
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
  const under = typeof permit === 'object' && permit !== null ? permits.get(permit) : undefined;
  return under ? { ...context, ...under } : context;
}

function createAskingState(permit: Asking['permit'] & Pick<Asking, 'decisionId'>): AskingState {
  let isNew = true;
  return {
    permit,
    asking: () => ({ permit, decisionId: permit.decisionId, isNew }),
    recorded() {
      isNew = false;
    },
  };
}

/** Records the permit with whatever is recorded first; after that, what it is given. */
function commitUnder(commit: Commit, state: AskingState): Commit {
  return async (prepared) => {
    const asking = state.asking();
    const [first, ...others] = prepared;
    if (!first) {
      if (asking.isNew) await commit([state.permit]);
      state.recorded();
      return [];
    }
    const later = { ...asking, isNew: false };
    const decisions = await commit([
      { ...first, asking },
      ...others.map((one) => ({ ...one, asking: later })),
    ]);
    state.recorded();
    return decisions;
  };
}
