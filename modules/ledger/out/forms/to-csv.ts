import { parseEntry, type FeedItem } from '@proofline/evidence';
import { bytesToHex, canonicalJson } from '@proofline/kernel';
import { evidenceKinds } from '@proofline/protocol';
import { isKnownKind } from './known-kind.ts';

/** The first row. */
export const csvHeader =
  'index,record,at,kind,meaning,evidenceId,causes,refs,subjects,facts,leafHash,leaf';

/**
 * An item of the feed as a row (RFC 4180), without its line break. `undefined` for what is no entry: a
 * spreadsheet has no use for it. The last cell is the leaf byte for byte.
 */
export function toCsv(item: FeedItem): string | undefined {
  if (item.type === 'checkpoint' || item.type === 'start') return undefined;
  const cells = [String(item.index), item.type, ...describe(item), bytesToHex(item.leafHash)];
  const leaf = item.type === 'entry' ? item.leaf : '';
  return [...cells.map((cell) => quote(harmless(cell))), quote(leaf)].join(',');
}

const UNDESCRIBED = ['', '', '', '', '', '', '', ''];

/** The cells from `at` to `facts`. */
function describe(item: FeedItem): readonly string[] {
  const parsed = item.type === 'entry' ? parseEntry(item.leaf) : undefined;
  if (!parsed?.ok) return UNDESCRIBED;
  const { at, causes, facts, id, kind, refs, subjects } = parsed.value;
  return [
    at,
    kind,
    isKnownKind(kind) ? evidenceKinds[kind] : '',
    id,
    causes.join(' '),
    canonicalJson({ ...refs }),
    canonicalJson({ ...subjects }),
    canonicalJson(facts),
  ];
}

/**
 * What a spreadsheet would take for a formula gets an apostrophe in front: it begins with one of these,
 * however the cell is quoted.
 */
function harmless(cell: string): string {
  return /^[=+\-@\t\r\n|%]/.test(cell) ? `'${cell}` : cell;
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
