import { evaluationErrors } from '../evaluation-error.ts';
import { Datetime } from './datetime.ts';
import { Duration } from './duration.ts';
import type { Long, Value } from './value.ts';

/**
 * The order of two longs, two datetimes or two durations: negative, 0 or positive. Of anything else,
 * Cedar’s `<` and `<=` are type errors, also of two decimals.
 */
export function compareValues(left: Value, right: Value): -1 | 0 | 1 {
  if (isLong(left) && isLong(right)) return order(left, right);
  if (left instanceof Datetime && right instanceof Datetime) {
    return order(left.epochMs, right.epochMs);
  }
  if (left instanceof Duration && right instanceof Duration) return order(left.ms, right.ms);
  throw evaluationErrors.type;
}

function isLong(value: Value): value is Long {
  return typeof value === 'number' || typeof value === 'bigint';
}

function order(left: Long, right: Long): -1 | 0 | 1 {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}
