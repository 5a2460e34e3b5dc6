const SPACE = /[ \t\n\r]*/y;
/** RFC 8259 §6 and §7: a string holds every character but quotes, backslashes and controls. */
const SCALAR =
  /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][+-]?\d+)?|true|false|null/uy;

type Next = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' | 'nothing';

/** Where a reader stands in a text. */
interface Reader {
  readonly text: string;
  readonly open: ('{' | '[')[];
  at: number;
  next: Next;
}

/**
 * Where a text stops being JSON (RFC 8259), as line and column from 1; `undefined` when it is JSON.
 * Engines say it each in their own words, or not at all.
 */
export function findJsonFault(
  text: string,
): { readonly line: number; readonly column: number } | undefined {
  const reader: Reader = { text, open: [], at: 0, next: 'value' };
  for (;;) {
    reader.at = endOf(SPACE, reader) ?? reader.at;
    if (reader.next === 'nothing' && reader.at === text.length) return undefined;
    if (!readOn(reader)) return placeOf(text, reader.at);
  }
}

/** Reads one sign or one scalar; false where neither may stand. */
function readOn(reader: Reader): boolean {
  const sign = reader.text[reader.at] ?? '';
  const { next, open } = reader;
  const closing = open.at(-1) === '{' ? '}' : ']';
  if (next === 'nothing') return false;
  if (open.length > 0 && next.endsWith('-or-end') && sign === closing) {
    open.pop();
    return goOn(reader, afterValue(reader));
  }
  if (next === 'colon') return sign === ':' && goOn(reader, 'value');
  if (next === 'comma-or-end') {
    return sign === ',' && goOn(reader, open.at(-1) === '[' ? 'value' : 'key');
  }
  return openContainer(reader, sign) || readScalar(reader, sign);
}

function openContainer(reader: Reader, sign: string): boolean {
  if (!reader.next.startsWith('value') || (sign !== '{' && sign !== '[')) return false;
  reader.open.push(sign);
  return goOn(reader, sign === '{' ? 'key-or-end' : 'value-or-end');
}

function readScalar(reader: Reader, sign: string): boolean {
  const isKey = reader.next.startsWith('key');
  const end = endOf(SCALAR, reader);
  if (end === undefined || (isKey && sign !== '"')) return false;
  reader.at = end - 1;
  return goOn(reader, isKey ? 'colon' : afterValue(reader));
}

function goOn(reader: Reader, next: Next): true {
  reader.at += 1;
  reader.next = next;
  return true;
}

function afterValue({ open }: Reader): Next {
  return open.length === 0 ? 'nothing' : 'comma-or-end';
}

function endOf(pattern: RegExp, { text, at }: Reader): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
