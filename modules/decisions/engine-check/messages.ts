import type { EngineSource, Evaluation, Question } from '@proofline/policy';

/** What the worker is told: a release once, then questions with our engine's answer. */
export type ToWorker =
  | { readonly kind: 'release'; readonly source: EngineSource }
  | {
      readonly kind: 'question';
      readonly digest: string;
      readonly question: Question;
      readonly answer: Evaluation;
    };

/** What it says of each question. */
export interface FromWorker {
  readonly agrees: boolean;
  readonly digest: string;
}
