import { Datetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { Duration } from './duration.ts';
import { IpAddress } from './ip-address.ts';
import { CedarSet, EntityUid, ExtensionValue, isRecord, type Value } from './value.ts';

const MAX_LENGTH = 200;
const ELLIPSIS = '…';

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
};

/**
 * A value as Cedar would write it, for messages. A text longer than `maxLength` characters is cut off
 * with an ellipsis, and only as much of the value is read.
 */
export function describeValue(value: Value, maxLength = MAX_LENGTH): string {
  const writer = new Writer(maxLength);
  writer.value(value);
  return writer.text();
}

/** A text as Cedar would write it, in quotes: what would not be seen is escaped. */
export function quoteText(text: string): string {
  const inner = text.replace(
    // Controls and format characters (which turn the direction of text) and line separators.
    /["\\\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (found) => escapes[found] ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${inner}"`;
}

/** Writes until it has enough, so that a long value costs no more than a short one. */
class Writer {
  readonly #maxLength: number;
  #text = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  text(): string {
    if (this.#text.length <= this.#maxLength) return this.#text;
    // Not through the middle of a surrogate pair.
    return (
      this.#text
        .slice(0, this.#maxLength - 1)
        .toWellFormed()
        .replace(/\uFFFD$/u, '') + ELLIPSIS
    );
  }

  value(value: Value): void {
    if (typeof value === 'string') this.#quoted(value);
    else if (typeof value !== 'object') this.#text += String(value);
    else if (value instanceof EntityUid) this.#uid(value);
    else if (value instanceof CedarSet) this.#set(value.elements);
    else if (value instanceof ExtensionValue) this.#text += describeExtension(value);
    else if (isRecord(value)) this.#record(Object.entries(value));
  }

  #uid(uid: EntityUid): void {
    this.#text += `${uid.type}::`;
    this.#quoted(uid.id);
  }

  #set(elements: readonly Value[]): void {
    this.#text += '[';
    for (const [index, element] of elements.entries()) {
      if (this.#isFull()) return;
      if (index > 0) this.#text += ', ';
      this.value(element);
    }
    this.#text += ']';
  }

  #record(members: readonly (readonly [string, Value | undefined])[]): void {
    this.#text += '{';
    let separator = '';
    for (const [name, member] of members) {
      if (this.#isFull()) return;
      if (member === undefined) continue;
      this.#text += separator;
      this.#quoted(name);
      this.#text += ': ';
      this.value(member);
      separator = ', ';
    }
    this.#text += '}';
  }

  #quoted(text: string): void {
    this.#text += quoteText(text.slice(0, this.#maxLength + 1));
  }

  #isFull(): boolean {
    return this.#text.length > this.#maxLength;
  }
}

function describeExtension(value: ExtensionValue): string {
  if (value instanceof Decimal) return `decimal("${value.toString()}")`;
  if (value instanceof IpAddress) return `ip("${value.toString()}")`;
  if (value instanceof Duration) return `duration("${value.toString()}")`;
  return value instanceof Datetime ? describeDatetime(value) : '?';
}

/** Years that have no four digits are written from 1970 on. */
function describeDatetime({ epochMs }: Datetime): string {
  const time = typeof epochMs === 'number' ? new Date(epochMs) : undefined;
  const year = time?.getUTCFullYear() ?? -1;
  return time !== undefined && year >= 0 && year <= 9999
    ? `datetime("${time.toISOString()}")`
    : `datetime("1970-01-01").offset(duration("${epochMs}ms"))`;
}
