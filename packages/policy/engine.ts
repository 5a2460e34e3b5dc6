import type { Question } from './question.ts';

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
}

/** A release as an engine takes it: texts that were parsed and validated already. */
export interface EngineSource {
  /** Names the set. */
  readonly digest: string;
  /** The Cedar schema. */
  readonly schema: string;
  /** Policy id → its Cedar text. */
  readonly policies: Readonly<Record<string, string>>;
}

/** What evaluates policies at run time: our own engine, or the Cedar project's, which checks it. */
export interface PolicyEngine {
  compile(source: EngineSource): CompiledPolicies;
}
