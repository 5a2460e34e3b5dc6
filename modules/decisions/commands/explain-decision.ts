import type { Id } from '@proofline/kernel';
import {
  decide,
  explainFacts,
  explainFields,
  policiesAtWork,
  type PoliciesAtWork,
  type PolicySet,
  type Question,
} from '@proofline/policy';
import {
  explain,
  ProblemError,
  type Decision,
  type readDecision,
  type Reply,
} from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { compileStored, UnsoundRelease } from '../releases/domain/verify-release.ts';
import { findRelease } from '../releases/store/release-rows.ts';
import { findDecisionRow, recordedDecision } from '../store/decision-rows.ts';

/**
 * A decision in words, under the release that it was made under: why, on which facts, what would change
 * it, and why fields were left out.
 *
 * @throws ProblemError `evidence.unknown`
 */
export async function explainDecision(
  context: DecisionsContext,
  decisionId: Id<'dec'>,
): Promise<Reply<typeof readDecision>> {
  const row = await findDecisionRow(context.storage.db, context.tenant, decisionId);
  if (!row) throw new ProblemError('evidence.unknown');
  const { decision, facts } = recordedDecision(row);
  const set = await setOf(context, decision);
  const question: Question = {
    principal: { type: row.subject_type, id: row.subject_id },
    action: decision.action,
    resource: decision.resource,
    context: facts,
  };
  const { fields } = decision.obligations;
  return {
    decision,
    facts,
    explanation: {
      ...explain(decision),
      facts: explainFacts(set ?? nothing, question, atWork(set, question, decision)),
      fields: set && fields ? explainFields(set, question, fields) : [],
    },
  };
}

const nothing = { policies: new Map(), defaults: new Map() };

/** A stored set that is no longer what was signed explains nothing; the decision still says why. */
async function setOf(
  context: DecisionsContext,
  { release }: Decision,
): Promise<PolicySet | undefined> {
  const live = context.release();
  if (live.ref.digest === release.digest) return live.set;
  const row = await findRelease(context.storage.db, context.tenant, release.sequence);
  try {
    return row && (await compileStored(row));
  } catch (error) {
    if (error instanceof UnsoundRelease) return undefined;
    throw error;
  }
}

/** Every policy that it rested on; reasons leave out one that says what another has said. */
function atWork(
  set: PolicySet | undefined,
  question: Question,
  { effect, reasons }: Decision,
): PoliciesAtWork {
  const said = reasons.map(({ policy }) => policy);
  if (!set || decide(set, question).effect !== effect) return { determining: said, guards: [] };
  const again = policiesAtWork(set, question);
  return { ...again, determining: [...new Set([...said, ...again.determining])] };
}
