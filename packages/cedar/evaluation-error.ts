/** Why an expression has no value. */
export type EvaluationErrorCode =
  | 'type'
  | 'attribute-missing'
  | 'tag-missing'
  | 'entity-missing'
  | 'overflow'
  | 'extension'
  | 'slot';

/** Thrown while a policy is evaluated; the authorizer catches it and skips the policy. */
export class EvaluationError extends Error {
  readonly code: EvaluationErrorCode;
  constructor(code: EvaluationErrorCode, message: string) {
    super(message);
    this.name = 'EvaluationError';
    this.code = code;
  }
}

/**
 * Made once: an error on the request path must not pay for a stack trace, which a hostile request
 * could ask for by the thousand.
 */
export const evaluationErrors = {
  type: new EvaluationError('type', 'a value has another type than its operator needs'),
  'attribute-missing': new EvaluationError('attribute-missing', 'an attribute is not there'),
  'tag-missing': new EvaluationError('tag-missing', 'a tag is not there'),
  'entity-missing': new EvaluationError('entity-missing', 'an entity is not there'),
  overflow: new EvaluationError('overflow', 'a result does not fit into 64 bits'),
  extension: new EvaluationError('extension', 'a text is no value of its extension type'),
  slot: new EvaluationError('slot', 'a template was evaluated without a link'),
} as const satisfies Record<EvaluationErrorCode, EvaluationError>;
