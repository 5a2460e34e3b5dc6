import { allOf, anyOf, FALSE, TRUE, type Predicate } from './predicate.ts';

/**
 * When a Boolean expression is true, when it is false and when it errs: for each row exactly one of
 * the three. Keeping all three apart is what lets negation be done without a NOT.
 */
export interface Truth {
  readonly holds: Predicate;
  readonly fails: Predicate;
  readonly errs: Predicate;
}

/** The same for every row. */
export const settled = {
  true: { holds: TRUE, fails: FALSE, errs: FALSE },
  false: { holds: FALSE, fails: TRUE, errs: FALSE },
  error: { holds: FALSE, fails: FALSE, errs: TRUE },
} as const satisfies Record<string, Truth>;

/** `!operand`. */
export function not({ holds, fails, errs }: Truth): Truth {
  return { holds: fails, fails: holds, errs };
}

/** `left && right`: the right is evaluated where the left holds. */
export function and(left: Truth, right: Truth): Truth {
  return {
    holds: allOf(left.holds, right.holds),
    // Where nothing errs on the left, “fails, or holds and …” says no more than “fails, or …”.
    fails: anyOf(left.fails, unless(left, 'holds', right.fails)),
    errs: anyOf(left.errs, allOf(left.holds, right.errs)),
  };
}

/** `left || right`: the right is evaluated where the left fails. */
export function or(left: Truth, right: Truth): Truth {
  return {
    holds: anyOf(left.holds, unless(left, 'fails', right.holds)),
    fails: allOf(left.fails, right.fails),
    errs: anyOf(left.errs, allOf(left.fails, right.errs)),
  };
}

function unless(left: Truth, gate: 'holds' | 'fails', right: Predicate): Predicate {
  return left.errs === FALSE ? right : allOf(left[gate], right);
}

/** `if condition then … else …`. */
export function choose(condition: Truth, then: Truth, otherwise: Truth): Truth {
  const pick = (part: keyof Truth) =>
    anyOf(allOf(condition.holds, then[part]), allOf(condition.fails, otherwise[part]));
  return {
    holds: pick('holds'),
    fails: pick('fails'),
    errs: anyOf(condition.errs, pick('errs')),
  };
}

/** `left == right` of two Booleans, both always evaluated. */
export function same(left: Truth, right: Truth): Truth {
  return {
    holds: anyOf(allOf(left.holds, right.holds), allOf(left.fails, right.fails)),
    fails: anyOf(allOf(left.holds, right.fails), allOf(left.fails, right.holds)),
    errs: anyOf(left.errs, right.errs),
  };
}
