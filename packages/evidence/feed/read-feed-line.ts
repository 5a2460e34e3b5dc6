import { base64urlToBytes, err, hexToBytes, limits, ok, type Result } from '@proofline/kernel';
import { isTooDeep } from '../nesting.ts';
import { leafHash, sameHash, type Hash } from '../tree/hash.ts';
import type { FeedItem } from './feed-item.ts';

/** A leaf doubles at most where it is quoted; OCSF tells it again in members of its own. */
const LINE_MAX_CHARS = limits.evidenceEntryMaxBytes * 6;
const PEAKS_MAX = 53;
const NOTE_MAX_CHARS = 20_000;

/** What {@link readFeedLine} says of a line that is no JSON at all. */
export const NO_JSON = 'not a JSON object';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a line of a feed strictly, in the feed’s own form or as OCSF. The error says what is wrong,
 * without quoting the line.
 */
export function readFeedLine(text: string): Result<FeedItem, string> {
  if (text.length > LINE_MAX_CHARS || isTooDeep(text)) return err('larger than a line may be');
  const members = objectOf(parseJson(text));
  if (!members) return err(NO_JSON);
  const item = readItem('class_uid' in members ? fromOcsf(members) : members);
  if (!item) return err('not a record of a feed');
  const isWhole = item.type !== 'entry' || sameHash(leafHash(item.leaf), item.leafHash);
  return isWhole ? ok(item) : err(`entry ${item.index} is not what its hash says`);
}

function readItem(members: Members): FeedItem | undefined {
  const { type, log: origin, index } = members;
  if (typeof origin !== 'string' || origin.length === 0 || origin.length > 200) return undefined;
  if (type === 'checkpoint') return readCheckpoint(members, origin);
  if (!isIndex(index)) return undefined;
  if (type === 'start') {
    const peaks = peaksOf(members['peaks']);
    return peaks && { type, origin, index, peaks };
  }
  const hash = hashOf(members['leafHash']);
  if (!hash) return undefined;
  const place = { origin, index, leafHash: hash };
  if (type === 'passed-over') return { type, ...place };
  const { idHash, leaf } = members;
  if (type === 'erased') return typeof idHash === 'string' ? { type, ...place, idHash } : undefined;
  return type === 'entry' && typeof leaf === 'string' ? { type, ...place, leaf } : undefined;
}

function peaksOf(value: unknown): readonly Hash[] | undefined {
  if (!Array.isArray(value) || value.length > PEAKS_MAX) return undefined;
  const peaks = value.map(hashOf).filter((peak) => peak !== undefined);
  return peaks.length === value.length ? peaks : undefined;
}

function readCheckpoint(members: Members, origin: string): FeedItem | undefined {
  const { size, checkpoint, verifierKey } = members;
  if (!isIndex(size) || typeof checkpoint !== 'string' || typeof verifierKey !== 'string') {
    return undefined;
  }
  if (checkpoint.length > NOTE_MAX_CHARS || verifierKey.length > 500) return undefined;
  return { type: 'checkpoint', origin, size, checkpoint, verifierKey };
}

/** The same members from an OCSF event, where the mapper of the ledger puts them. */
function fromOcsf(event: Members): Members {
  const metadata = objectOf(event['metadata']) ?? {};
  const unmapped = objectOf(event['unmapped']) ?? {};
  const hash = objectOf(event['raw_data_hash'])?.['value'];
  const type = unmapped['feed_record'];
  return {
    type,
    log: metadata['log_name'],
    index: metadata['sequence'],
    size: metadata['sequence'],
    leaf: event['raw_data'],
    checkpoint: event['raw_data'],
    verifierKey: unmapped['verifier_key'],
    peaks: unmapped['peaks'],
    idHash: unmapped['id_hash'],
    leafHash: typeof hash === 'string' ? hexToBytes(hash) : undefined,
  };
}

function hashOf(value: unknown): Hash | undefined {
  const bytes = typeof value === 'string' ? base64urlToBytes(value) : value;
  return bytes instanceof Uint8Array && bytes.length === 32 ? bytes : undefined;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function objectOf(value: unknown): Members | undefined {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  // Just looked at; of its members nothing is claimed.
  return isObject ? (value as Members) : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
