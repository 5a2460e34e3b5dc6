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
  return write(value, undefined, '');
}

/** Where a container stands; spelled only when something in it cannot be written. */
interface Place {
  readonly within: Place | undefined;
  readonly key: string | number;
}

function write(value: unknown, within: Place | undefined, key: string | number): string {
  if (typeof value === 'string') return writeString(value, within, key);
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return JSON.stringify(value);
    throw unwritable('a number that is not finite', within, key);
  }
  if (Array.isArray(value)) return writeList(value, { within, key });
  if (typeof value === 'object' && isPlain(value)) return writeObject(value, { within, key });
  throw unwritable(`a ${typeof value}`, within, key);
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function writeList(items: readonly unknown[], here: Place): string {
  let text = '';
  // By index: what is not there is `undefined`, which JSON cannot spell.
  for (let index = 0; index < items.length; index += 1) {
    text += `${index === 0 ? '' : ','}${write(items[index], here, index)}`;
  }
  return `[${text}]`;
}

function writeObject(value: Record<string, unknown>, here: Place): string {
  let text = '';
  // The default sort compares UTF-16 code units, which is the order that §3.2.3 asks for.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${writeString(key, here.within, here.key)}:${write(member, here, key)}`;
  }
  return `{${text}}`;
}

function writeString(text: string, within: Place | undefined, key: string | number): string {
  if (!text.isWellFormed()) throw unwritable('a lone surrogate', within, key);
  return JSON.stringify(text);
}

function unwritable(
  problem: string,
  within: Place | undefined,
  key: string | number,
): CanonicalJsonError {
  const keys = [key];
  for (let place = within; place !== undefined; place = place.within) keys.unshift(place.key);
  // The first one is the value itself.
  const path = keys.slice(1).map((one) => (typeof one === 'number' ? `[${one}]` : `.${one}`));
  return new CanonicalJsonError(`$${path.join('')}`, problem);
}
