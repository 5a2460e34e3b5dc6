import type { Json } from './json.ts';

/** Thrown for a value that RFC 8785 cannot write; `path` says where it stands. */
export class CanonicalJsonError extends Error {
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`canonical JSON: ${problem} at ${path}`);
    this.name = 'CanonicalJsonError';
    this.path = path;
  }
}

/**
 * The one byte-for-byte spelling of a JSON value (RFC 8785, JCS).
 *
 * What is signed or hashed is this text in UTF-8. ECMAScript's own number and string serialization
 * is what RFC 8785 §3.2.2 prescribes; members are sorted by UTF-16 code units (§3.2.3).
 *
 * @throws {CanonicalJsonError} for NaN, an infinity, a lone surrogate, or a non-JSON value.
 */
export function canonicalJson(value: Json | undefined): string {
  return write(value, '$');
}

function write(value: unknown, path: string): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value, path);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CanonicalJsonError(path, 'a number that is not finite');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) {
    return `[${value.map((item, index) => write(item, `${path}[${index}]`)).join(',')}]`;
  }
  if (typeof value === 'object' && isPlain(value)) return writeObject(value, path);
  throw new CanonicalJsonError(path, `a ${typeof value}`);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function writeObject(value: Record<string, unknown>, path: string): string {
  const members: string[] = [];
  // The default sort compares UTF-16 code units, which is the order that §3.2.3 asks for.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    members.push(`${writeString(key, path)}:${write(member, `${path}.${key}`)}`);
  }
  return `{${members.join(',')}}`;
}

function writeString(text: string, path: string): string {
  if (!text.isWellFormed()) throw new CanonicalJsonError(path, 'a lone surrogate');
  return JSON.stringify(text);
}
