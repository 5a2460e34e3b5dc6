import type { Total } from '@proofline/protocol';

const whole = new Intl.NumberFormat('en-GB');

/** How many there are in all: `12`, `1,000 or more`. */
export function countText({ count, isExact }: Total): string {
  return isExact ? whole.format(count) : `${whole.format(count)} or more`;
}

/**
 * What of a list stands on the screen: `12 in all`, `1–200 of 312`, `51–100 of 1,000 or more`. Without
 * `first`, the place among all is not known: `50 of 1,000 or more`.
 */
export function shownText(shown: number, total: Total, first?: number): string {
  if (shown === 0) return 'None';
  if (total.isExact && total.count === shown) return `${whole.format(shown)} in all`;
  const places =
    first === undefined
      ? whole.format(shown)
      : `${whole.format(first)}–${whole.format(first + shown - 1)}`;
  return `${places} of ${countText(total)}`;
}
