/** What is wrong with a policy text; stable, so that callers may branch on it. */
export type CedarSyntaxErrorCode =
  /** Something else was expected here. */
  | 'unexpected-token'
  /** The text ends in the middle of a policy. */
  | 'unexpected-end'
  /** A character that begins no token. */
  | 'bad-token'
  | 'unterminated-string'
  | 'bad-escape'
  /** Half of a surrogate pair, which is no text. */
  | 'bad-unicode'
  | 'integer-too-large'
  /** A word of the language, or `__cedar`, where a name stands. */
  | 'reserved-name'
  | 'bad-effect'
  | 'bad-scope'
  | 'bad-condition'
  | 'duplicate-annotation'
  | 'duplicate-key'
  | 'unknown-variable'
  | 'unknown-function'
  | 'wrong-arguments'
  | 'bad-attribute'
  | 'bad-pattern'
  | 'bad-type'
  /** An operator that other languages have: `/`, `%`, `=`. */
  | 'unsupported-operator'
  /** `a < b < c`: Cedar wants parentheses. */
  | 'chained-relation'
  /** More than four `!` or `-` in a row. */
  | 'too-many-signs'
  | 'slot-in-condition'
  | 'too-deep'
  | 'too-long';

/** A policy text that is no Cedar: what is wrong, and where. */
export class CedarSyntaxError extends Error {
  readonly code: CedarSyntaxErrorCode;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units as editors count. */
  readonly column: number;
  /** From 0, in UTF-16 code units. */
  readonly offset: number;
  constructor(code: CedarSyntaxErrorCode, message: string, position: TextPosition) {
    super(`${message} (line ${position.line}, column ${position.column})`);
    this.name = 'CedarSyntaxError';
    this.code = code;
    this.line = position.line;
    this.column = position.column;
    this.offset = position.offset;
  }
}

/** A place in a text. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

const LINE_FEED = 10;

/** The place of an offset; counts on from an earlier place where one is given. */
export function positionAt(text: string, offset: number, from?: TextPosition): TextPosition {
  let line = from?.line ?? 1;
  let lineStart = from === undefined ? 0 : from.offset - from.column + 1;
  for (let index = from?.offset ?? 0; index < offset; index += 1) {
    if (text.charCodeAt(index) === LINE_FEED) {
      line += 1;
      lineStart = index + 1;
    }
  }
  return { line, column: offset - lineStart + 1, offset };
}
