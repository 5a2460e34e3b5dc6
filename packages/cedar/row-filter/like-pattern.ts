import type { PatternPiece } from '../policy/expression.ts';

/**
 * A pattern for SQL's LIKE with `!` as its escape character (a backslash in an SQL text means
 * different things by configuration); `undefined` where no stored text can match.
 */
export function likePattern(pieces: readonly PatternPiece[]): string | undefined {
  let pattern = '';
  for (const piece of pieces) {
    if (piece === 'wildcard') {
      pattern += '%';
    } else {
      // Two pieces may hold the halves of one character: looked at when they are together.
      pattern += piece.literal.replace(/[!%_]/g, '!$&');
    }
  }
  return pattern.includes('\0') || !pattern.isWellFormed() ? undefined : pattern;
}
