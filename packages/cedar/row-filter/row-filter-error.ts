/** Why no filter could be made; stable, so that callers may branch on it. */
export type RowFilterErrorCode =
  /** A policy asks about something of the row that no column answers. */
  | 'no-column'
  /** A policy computes with the row what SQL would not compute the same way, or what is not built. */
  | 'not-expressible'
  /** The filter would be too large for a query. */
  | 'too-large'
  /** A column is declared in a way that means nothing. */
  | 'bad-column';

/**
 * No filter: whoever asked for one shows no rows. Thrown rather than answered with a filter that
 * would be nearly right.
 */
export class RowFilterError extends Error {
  readonly code: RowFilterErrorCode;
  constructor(code: RowFilterErrorCode, message: string) {
    super(message);
    this.name = 'RowFilterError';
    this.code = code;
  }
}
