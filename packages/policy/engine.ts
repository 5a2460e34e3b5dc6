import type { Policy } from '@proofline/cedar';
import type { JsonObject } from '@proofline/kernel';
import type { Question } from './question.ts';
import type { EngineSource, ReadSource } from './read-source.ts';

/** What an engine says about a question, exactly as the Cedar language defines it. */
export type Evaluation =
  /** The schema does not allow this question, or it could not be read. */
  | { readonly kind: 'invalid' }
  | {
      readonly kind: 'evaluated';
      readonly allowed: boolean;
      /** Ids of the satisfied permits of an allow, or of the satisfied forbids of a deny. */
      readonly determining: readonly string[];
      /** Ids of policies whose condition could not be computed; Cedar skips these. */
      readonly erring: readonly string[];
    };

/** A policy set made ready by an engine. */
export interface CompiledPolicies {
  /** Never throws: what cannot be evaluated is `invalid`. */
  evaluate(question: Question): Evaluation;
  /** For asking the same question of other facts; `undefined` where the question is invalid. */
  suppose(question: Question): Supposition | undefined;
}

/** A question whose facts can be changed and changed back: cheaper than as many questions. */
export interface Supposition {
  /** The answer were these members of the context so, and all else as in the question. */
  evaluate(changes: readonly FactsChange[]): Evaluation;
  /** Whether that permits, in enforcement mode, where an engine can say so for less. */
  readonly permits?: (changes: readonly FactsChange[]) => boolean;
  /**
   * Promises that from here on only policies for which `mayChange` is true are asked what they have not
   * said; gives whether anything can still be permitted. Where an engine makes use of it.
   */
  readonly settle?: (mayChange: (policy: Policy) => boolean) => boolean;
}

/** One member of the context as it would stand. Not one that gives the principal its roles. */
export interface FactsChange {
  readonly name: string;
  readonly facts: JsonObject;
}

/** {@link CompiledPolicies.suppose} for an engine that knows no cheaper way than to ask again. */
export function supposeByAsking(
  evaluate: CompiledPolicies['evaluate'],
): CompiledPolicies['suppose'] {
  return (question) => ({
    evaluate: (changes) => evaluate(withChanges(question, changes)),
  });
}

/** The question with these members of its context replaced. */
export function withChanges(question: Question, changes: readonly FactsChange[]): Question {
  const changed = Object.fromEntries(changes.map(({ name, facts }) => [name, facts]));
  return { ...question, context: { ...question.context, ...changed } };
}

/** What evaluates policies at run time: our own engine, or the Cedar project's, which checks it. */
export interface PolicyEngine {
  compile(release: EngineRelease): CompiledPolicies;
}

/** A release for an engine to compile: as text, and as it was read. */
export interface EngineRelease {
  readonly source: EngineSource;
  readonly read: ReadSource;
}
