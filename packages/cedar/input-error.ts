/** What is wrong with an input; stable, so that callers may branch on it. */
export type CedarInputErrorCode =
  /** The input has another shape than its format: a missing or unknown member, a wrong kind. */
  | 'malformed'
  /** A number that is no integer, or one that does not fit into 64 bits. */
  | 'not-a-long'
  /** A name that is no Cedar identifier or qualified name. */
  | 'bad-name'
  /** A text that is no value of its extension type, or a function that is none. */
  | 'bad-extension'
  /** Nested too deep. */
  | 'too-deep'
  /** Too many members, or too long. */
  | 'too-large'
  /** The same name, id or entity twice. */
  | 'duplicate'
  /** Entities that stand above themselves. */
  | 'cycle'
  /** A value of another type than the schema declares. */
  | 'wrong-type'
  /** An attribute that the schema requires is not there. */
  | 'attribute-missing'
  /** An attribute or tag that the schema does not declare. */
  | 'attribute-undeclared'
  /** An entity type, action or common type that the schema does not declare. */
  | 'undeclared'
  /** An id that an enumerated entity type does not have. */
  | 'not-in-enum'
  /** A parent of a type that the schema does not allow. */
  | 'parent-not-allowed'
  /** An action other than the schema has it. */
  | 'action-differs'
  /** A principal, resource or context that the action does not apply to. */
  | 'not-applicable';

/** Where in an input: member names and indices, from the outside in; empty for the whole. */
export type InputPath = readonly (string | number)[];

/** An input (JSON of entities, a context, a schema, a policy) that is refused, and where. */
export class CedarInputError extends Error {
  readonly code: CedarInputErrorCode;
  readonly path: InputPath;
  constructor(code: CedarInputErrorCode, message: string, path: InputPath = []) {
    super(message);
    this.name = 'CedarInputError';
    this.code = code;
    this.path = path;
  }
}
