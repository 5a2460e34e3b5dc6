import {
  canonicalJson,
  err,
  isId,
  limits,
  ok,
  type Id,
  type JsonObject,
  type Result,
} from '@proofline/kernel';
import { isCanonicalText } from './canonical-text.ts';
import { isTooDeep } from './nesting.ts';

/** Digests of the personal fields of one data subject, under one key. */
export interface SubjectDigests {
  /** Pseudonym of the data subject. */
  readonly subject: string;
  readonly retention: string;
  /** Sorted, so that their order tells nothing of the fields (RFC 9901 §4.2.4.1). */
  readonly digests: readonly string[];
}

/** An entry of the log, version 1. Nothing personal in clear: pseudonyms and salted digests. */
export interface EvidenceEntry {
  readonly v: 1;
  readonly id: Id<'evt'>;
  /** What happened: `proof.bound`. The catalogue is the protocol's. */
  readonly kind: string;
  /** When, by the log's clock: RFC 3339 in UTC with milliseconds. */
  readonly at: string;
  /** Entries that led to this one. */
  readonly causes: readonly Id<'evt'>[];
  /** Ids of things, by role. */
  readonly refs: Readonly<Record<string, string>>;
  /** Pseudonyms of subjects, by role. */
  readonly subjects: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  /** Sorted by subject, then retention. */
  readonly _sd: readonly SubjectDigests[];
}

const CAUSES_MAX = 64;
const NAMES_MAX = 40;
const DIGESTS_MAX = 100;
const REF_MAX_CHARS = 200;
const NAME = /^[a-z][A-Za-z0-9]{0,39}$/;
const KIND = /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/;
const RETENTION = /^[a-z]+(?:-[a-z]+)*$/;
const DIGEST = /^[A-Za-z0-9_-]{43}$/;
const MEMBERS = ['_sd', 'at', 'causes', 'facts', 'id', 'kind', 'refs', 'subjects', 'v'];

/**
 * The leaf of an entry: its canonical text (RFC 8785), of which the tree holds the hash.
 *
 * @throws RangeError saying which member is not as it must be, or that the entry is too large.
 */
export function writeEntry(entry: EvidenceEntry): string {
  // An entry is made of JSON members only; the interface has no index signature to say so.
  const text = canonicalJson(entry as unknown as JsonObject);
  // Spelled just above, so it need not be spelled again in order to compare.
  const wrong = tooLarge(text) ?? wrongText(text);
  if (wrong !== undefined) throw new RangeError(`not an evidence entry: ${wrong}`);
  return text;
}

/** Reads a leaf strictly. The error says what is wrong, without quoting the text. */
export function parseEntry(text: string): Result<EvidenceEntry, string> {
  const large = tooLarge(text);
  if (large) return err(large);
  const value = parseJson(text);
  if (!isObject(value)) return err('not a JSON object');
  if (!isCanonicalText(text, value)) return err('not in canonical form (RFC 8785)');
  const wrong = wrongMember(value);
  if (wrong) return err(wrong);
  // Every member was checked just above.
  return ok(value as unknown as EvidenceEntry);
}

function tooLarge(text: string): string | undefined {
  if (Buffer.byteLength(text) > limits.evidenceEntryMaxBytes) return 'larger than an entry may be';
  return isTooDeep(text) ? 'nested too deep' : undefined;
}

function wrongText(canonical: string): string | undefined {
  const value = parseJson(canonical);
  return isObject(value) ? wrongMember(value) : 'not a JSON object';
}

function wrongMember(entry: Record<string, unknown>): string | undefined {
  if (Object.keys(entry).sort().join() !== MEMBERS.join())
    return 'other members than version 1 has';
  const checks: readonly (readonly [string, boolean])[] = [
    ['v', entry['v'] === 1],
    ['id', isId('evt', entry['id'])],
    ['kind', matches(entry['kind'], KIND)],
    ['at', isInstant(entry['at'])],
    ['causes', isListOf(entry['causes'], CAUSES_MAX, (id) => isId('evt', id))],
    ['refs', isNamed(entry['refs'], isRef)],
    ['subjects', isNamed(entry['subjects'], (id) => isId('psn', id))],
    ['facts', isObject(entry['facts']) && depthOf(entry['facts']) <= limits.jsonMaxDepth],
    ['_sd', isDigests(entry['_sd'])],
  ];
  const wrong = checks.find(([, right]) => !right);
  return wrong ? `its member ‘${wrong[0]}’ is not as it must be` : undefined;
}

function isDigests(value: unknown): boolean {
  if (!isListOf(value, NAMES_MAX, isObject)) return false;
  // `isListOf` has checked every item to be an object.
  const groups = value as readonly Record<string, unknown>[];
  const keys = groups.map((group) => `${String(group['subject'])} ${String(group['retention'])}`);
  if (!isSortedSet(keys)) return false;
  return groups.every(
    (group) =>
      Object.keys(group).sort().join() === 'digests,retention,subject' &&
      isId('psn', group['subject']) &&
      matches(group['retention'], RETENTION) &&
      isListOf(group['digests'], DIGESTS_MAX, (digest) => matches(digest, DIGEST)) &&
      isSortedSet(group['digests']) &&
      group['digests'].length > 0,
  );
}

function isSortedSet(values: readonly unknown[]): boolean {
  return values.every((value, index) => index === 0 || String(values[index - 1]) < String(value));
}

function isListOf(
  value: unknown,
  max: number,
  isItem: (item: unknown) => boolean,
): value is readonly unknown[] {
  return (
    Array.isArray(value) &&
    value.length <= max &&
    new Set(value).size === value.length &&
    value.every(isItem)
  );
}

function isNamed(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (!isObject(value)) return false;
  const members = Object.entries(value);
  return (
    members.length <= NAMES_MAX && members.every(([name, item]) => NAME.test(name) && isItem(item))
  );
}

function isRef(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= REF_MAX_CHARS;
}

function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}

function matches(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
