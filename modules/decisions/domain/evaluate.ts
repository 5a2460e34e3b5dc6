import {
  decide,
  defaultedFacts,
  fieldActionsOf,
  fieldPlan,
  remedies,
  type Outcome,
  type PolicySet,
  type Question,
} from '@proofline/policy';
import { dataCategories, type Obligations, type Remedy } from '@proofline/protocol';
import type { Stop } from '../switches/domain/stop-of.ts';

/** What the policies make of a question, with what follows from it. */
export interface Evaluated {
  readonly question: Question;
  readonly outcome: Outcome;
  readonly remedies: readonly Remedy[];
  readonly obligations: Obligations;
  /** Signals that were absent and counted as their declared default. */
  readonly defaulted: readonly string[];
}

/** Decides; on a deny computes the remedies, on a permit what the enforcement point must carry out. */
export function evaluate(set: PolicySet, question: Question, stop?: Stop): Evaluated {
  if (stop !== undefined) return stopped(question, stop);
  const outcome = decide(set, question);
  const permitted = outcome.effect === 'permit';
  return {
    question,
    outcome,
    remedies: permitted ? [] : remedies(set, question),
    obligations:
      permitted && hasFields(question) ? { fields: fieldPlan(set, question, dataCategories) } : {},
    defaulted: outcome.refused ? [] : defaultedFacts(set.defaults, question),
  };
}

/** A switch stands before the policies, and nothing that people can do turns it. */
function stopped(question: Question, { reason }: Stop): Evaluated {
  const determining = [reason.policy];
  return {
    question,
    outcome: { effect: 'deny', forbidden: true, reasons: [reason], determining, erring: [] },
    remedies: [],
    obligations: {},
    defaulted: [],
  };
}

/** Only a guarded system's records have fields to filter; our own routes answer what they declare. */
function hasFields(question: Question): boolean {
  return fieldActionsOf(question.resource.type) !== undefined;
}
