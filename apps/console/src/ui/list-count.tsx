import type { Total } from '@proofline/protocol';
import { shownText } from '../format/total-text.ts';

/** Beside a list's title: how many there are in all, and whether these are only the first of them. */
export function ListCount({
  shown,
  total,
  first = 1,
  hasFilters = false,
}: {
  readonly shown: number;
  readonly total: Total;
  /** Which of them the page begins with; `'unknown'`: beyond those that are counted. */
  readonly first?: number | 'unknown';
  /** Filters of the page lead to those that are not shown. */
  readonly hasFilters?: boolean;
}) {
  if (shown === 0) return null;
  const isCut = !total.isExact || total.count > shown;
  return (
    <span className="text-xs text-dim">
      {shownText(shown, total, first === 'unknown' ? undefined : first)}
      {isCut && hasFilters && ': the filters lead to the others'}
    </span>
  );
}
