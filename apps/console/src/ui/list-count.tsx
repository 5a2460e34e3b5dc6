import type { Total } from '@proofline/protocol';
import { shownText } from '../format/total-text.ts';

/** Beside a list's title: how many there are in all, and whether these are only the first of them. */
export function ListCount({
  shown,
  total,
  hasFilters = false,
}: {
  readonly shown: number;
  readonly total: Total;
  /** Filters of the page lead to those that are not shown. */
  readonly hasFilters?: boolean;
}) {
  if (shown === 0) return null;
  const isCut = !total.isExact || total.count > shown;
  return (
    <span className="text-xs text-dim">
      {shownText(shown, total, 1)}
      {isCut && hasFilters && ': the filters lead to the others'}
    </span>
  );
}
