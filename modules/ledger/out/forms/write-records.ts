import { writeFeedLine, type FeedItem } from '@proofline/evidence';
import { csvHeader, toCsv } from './to-csv.ts';
import { toOcsf } from './ocsf/to-ocsf.ts';
import { toOtlp } from './to-otlp.ts';
import { toSyslog } from './to-syslog.ts';

/** The forms in which a receiver is sent the log. */
export const receiverForms = ['ndjson', 'ocsf', 'otlp', 'syslog', 'csv'] as const;

/** One of {@link receiverForms}. */
export type ReceiverForm = (typeof receiverForms)[number];

/**
 * What a page of the feed is in a form: a text for each item, and of OTLP one for all. Nothing but NDJSON
 * has use for the hash of what a receiver did not ask for.
 */
export function writeRecords(
  form: ReceiverForm,
  items: readonly FeedItem[],
  enterprise?: number,
): readonly string[] {
  if (form === 'ndjson') return items.map(writeFeedLine);
  const asked = items.filter(({ type }) => type !== 'passed-over');
  if (form === 'csv') return rowsOf(asked);
  if (form === 'otlp') return [JSON.stringify(toOtlp(asked))];
  if (form === 'ocsf') return asked.map((item) => JSON.stringify(toOcsf(item)));
  return asked.map((item) => toSyslog(item, enterprise));
}

/** The names of the columns stand where the feed begins. */
function rowsOf(items: readonly FeedItem[]): string[] {
  const [first] = items;
  const isBeginning = first?.type === 'start' || (first?.type === 'entry' && first.index === 0);
  const rows = items.map(toCsv).filter((row) => row !== undefined);
  return isBeginning ? [csvHeader, ...rows] : rows;
}
