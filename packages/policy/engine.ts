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

/**
 * What evaluates policies at run time. cedar-wasm for now; the door through which Proofline's own
 * compiler comes in, with cedar-wasm as its oracle.
 */
export interface PolicyEngine {
  /** `digest` names the set; the texts are parsed and validated already. */
  compile(release: {
    readonly digest: string;
    readonly schema: string;
    /** Policy id → its Cedar text. */
    readonly policies: Readonly<Record<string, string>>;
  }): CompiledPolicies;
}
