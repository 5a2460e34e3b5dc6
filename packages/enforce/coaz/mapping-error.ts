/**
 * A mapping that makes no request: it is malformed, says more than this package reads, or fails on
 * these arguments. The message names expressions and members of the mapping, never a caller's value.
 */
export class MappingError extends Error {
  override readonly name = 'MappingError';
}
