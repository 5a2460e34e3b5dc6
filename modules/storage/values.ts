/**
 * How values travel to and from the database. One table for both engines, so that a row read from
 * one equals the same row read from the other.
 */

/** PostgreSQL's type numbers (`select oid, typname from pg_type`). */
const oids = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  json: 114,
  float4: 700,
  float8: 701,
  varchar: 1043,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  jsonb: 3802,
} as const;

/** Array type → the type of its elements. */
export const arrayElements: ReadonlyMap<number, number> = new Map([
  [1000, oids.bool],
  [1005, oids.int2],
  [1007, oids.int4],
  [1009, oids.text],
  [1015, oids.varchar],
  [1016, oids.int8],
  [1185, oids.timestamptz],
]);

/** Database text → JavaScript value, per type. A type that is not listed stays text. */
export const decoders: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [oids.bool, (text) => text === 't'],
  [oids.bytea, decodeBytes],
  [oids.int8, decodeInteger],
  [oids.int2, Number],
  [oids.int4, Number],
  [oids.text, String],
  [oids.varchar, String],
  [oids.json, (text): unknown => JSON.parse(text)],
  [oids.jsonb, (text): unknown => JSON.parse(text)],
  [oids.float4, Number],
  [oids.float8, Number],
  [oids.timestamptz, (text) => new Date(text)],
  [oids.date, String],
  [oids.timestamp, String],
  [oids.numeric, String],
]);

/** Every type that a parameter may be bound to; PGlite's own serializers must not touch them. */
export const knownOids: readonly number[] = Object.values(oids);

const ITEM = /"((?:[^"\\]|\\[^])*)"|([^,{}"]+)/g;

/** A one-dimensional array literal → its items (PostgreSQL manual §8.15.6). */
export function decodeArray(text: string, decode: (item: string) => unknown): unknown[] {
  return [...text.matchAll(ITEM)].map(([, quoted, bare]) => {
    if (quoted !== undefined) return decode(quoted.replace(/\\([^])/g, '$1'));
    return bare === undefined || bare === 'NULL' ? null : decode(bare);
  });
}

function decodeInteger(text: string): number {
  const value = Number(text);
  // A rounded id or index is worse than a failed read.
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint beyond 2^53 was read');
  return value;
}

function decodeBytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
}

/**
 * JavaScript value → the text that the server parses, whichever type the parameter has.
 *
 * Objects become JSON. An array becomes an array literal (`= any($1)`), so a JSON array or a bare
 * JSON string must be given as `JSON.stringify(value)`: the same rule as with node-postgres.
 */
export function encodeParameter(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return encodeArray(value);
  if (typeof value === 'object') return JSON.stringify(value);
  throw new TypeError(`a ${typeof value} cannot be stored`);
}

function encodeArray(values: readonly unknown[]): string {
  const items = values.map((item) => {
    if (Array.isArray(item)) return encodeArray(item);
    const text = encodeParameter(item);
    return text === null ? 'NULL' : arrayItem(text);
  });
  return `{${items.join(',')}}`;
}

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f]/;

/**
 * An item of an array literal. JSON quotes texts in the same way where none of them has what it spells
 * otherwise, and does it four times as fast: most of what is written is JSON, full of quotation marks.
 */
function arrayItem(text: string): string {
  if (!CONTROL.test(text) && text.isWellFormed()) return JSON.stringify(text);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
