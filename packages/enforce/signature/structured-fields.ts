import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';

/** A bare item (RFC 9651 §3.3) of the kinds that signatures and digests are written in. */
export type BareItem =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'bytes'; readonly value: Uint8Array<ArrayBuffer> };

/** Parameters in their order (RFC 9651 §3.1.2). */
export type FieldParameters = ReadonlyMap<string, BareItem>;

/** An item with its parameters (RFC 9651 §3.3). */
export interface FieldItem {
  readonly item: BareItem;
  readonly parameters: FieldParameters;
}

/** A list within a list (RFC 9651 §3.1.1). */
export interface InnerList {
  readonly items: readonly FieldItem[];
  readonly parameters: FieldParameters;
}

/** A member of a dictionary. */
export type FieldMember = FieldItem | InnerList;

const textMaxChars = 4096;
const membersMax = 8;
const itemsMax = 32;
const parametersMax = 16;

/** What is not read here ends the reading; nobody outside of this file sees it. */
class Unreadable extends Error {}

/** A place in a text: takes what is expected there, or nothing. */
class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }
  get isDone(): boolean {
    return this.#at === this.#text.length;
  }
  /** @param pattern sticky */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text) ?? undefined;
    if (found) this.#at = pattern.lastIndex;
    return found;
  }
  need(pattern: RegExp): RegExpExecArray {
    const found = this.take(pattern);
    if (!found) throw new Unreadable();
    return found;
  }
}

/** Standard base64 with its padding → bytes; two texts never mean the same bytes. */
function readBase64(text: string): Uint8Array<ArrayBuffer> {
  const bare = text.replace(/={1,2}$/, '');
  const bytes = base64urlToBytes(bare.replaceAll('+', '-').replaceAll('/', '_'));
  if (text.length % 4 !== 0 || /[-_=]/.test(bare) || !bytes) throw new Unreadable();
  return bytes;
}

/** RFC 9651 §4.2.3.1. Decimals, dates and display strings stand in none of the fields read here. */
function readBareItem(reader: Reader): BareItem {
  const string = reader.take(/"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y);
  if (string) return { kind: 'string', value: string[1]!.replaceAll(/\\(.)/g, '$1') };
  const bytes = reader.take(/:([A-Za-z0-9+/=]*):/y);
  if (bytes) return { kind: 'bytes', value: readBase64(bytes[1]!) };
  const boolean = reader.take(/\?([01])/y);
  if (boolean) return { kind: 'boolean', value: boolean[1] === '1' };
  const integer = reader.take(/-?\d{1,15}(?![\d.])/y);
  if (integer) return { kind: 'integer', value: Number(integer[0]) };
  return { kind: 'token', value: reader.need(/[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*/y)[0] };
}

const key = /[a-z*][a-z0-9_.*-]*/y;

function readParameters(reader: Reader): FieldParameters {
  const parameters = new Map<string, BareItem>();
  while (reader.take(/; */y)) {
    const [name] = reader.need(key);
    // RFC 9651 §4.2.3.2 lets the last of a name count. Whoever sends two means to confuse somebody.
    if (parameters.has(name) || parameters.size >= parametersMax) throw new Unreadable();
    parameters.set(
      name,
      reader.take(/=/y) ? readBareItem(reader) : { kind: 'boolean', value: true },
    );
  }
  return parameters;
}

function readMember(reader: Reader): FieldMember {
  if (!reader.take(/\( */y)) {
    return { item: readBareItem(reader), parameters: readParameters(reader) };
  }
  const items: FieldItem[] = [];
  while (!reader.take(/\)/y)) {
    if (items.length >= itemsMax) throw new Unreadable();
    items.push({ item: readBareItem(reader), parameters: readParameters(reader) });
    if (!reader.take(/ +/y)) {
      reader.need(/\)/y);
      break;
    }
  }
  return { items, parameters: readParameters(reader) };
}

/**
 * Reads a dictionary (RFC 9651 §4.2.2). Stricter than that: a key that comes twice, more than 8
 * members, 32 items or 16 parameters, and more than 4,096 characters are not read.
 *
 * Answers `undefined` for what is none; never throws.
 */
export function readDictionary(text: string): ReadonlyMap<string, FieldMember> | undefined {
  if (text.length > textMaxChars) return undefined;
  const reader = new Reader(text.replace(/^ +/, '').replace(/ +$/, ''));
  const members = new Map<string, FieldMember>();
  try {
    while (!reader.isDone) {
      const [name] = reader.need(key);
      if (members.has(name) || members.size >= membersMax) return undefined;
      members.set(
        name,
        reader.take(/=/y)
          ? readMember(reader)
          : { item: { kind: 'boolean', value: true }, parameters: readParameters(reader) },
      );
      if (reader.isDone) break;
      reader.need(/[ \t]*,[ \t]*/y);
      if (reader.isDone) return undefined;
    }
    return members;
  } catch (error) {
    if (error instanceof Unreadable) return undefined;
    throw error;
  }
}

/** Bytes → standard base64 with its padding. */
function writeBase64(bytes: Uint8Array): string {
  const text = bytesToBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** RFC 9651 §4.1.3.1. A string must hold printable ASCII alone; the callers have seen to it. */
export function writeBareItem(item: BareItem): string {
  if (item.kind === 'string') return `"${item.value.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
  if (item.kind === 'bytes') return `:${writeBase64(item.value)}:`;
  if (item.kind === 'boolean') return item.value ? '?1' : '?0';
  return String(item.value);
}

function writeParameters(parameters: FieldParameters): string {
  return [...parameters]
    .map(([name, item]) =>
      item.kind === 'boolean' && item.value ? `;${name}` : `;${name}=${writeBareItem(item)}`,
    )
    .join('');
}

/** RFC 9651 §4.1.1.1: as it stands in the last line of a signature base. */
export function writeInnerList({ items, parameters }: InnerList): string {
  const inner = items.map(
    ({ item, parameters: own }) => writeBareItem(item) + writeParameters(own),
  );
  return `(${inner.join(' ')})${writeParameters(parameters)}`;
}
