import type { PatternPiece } from '../policy/expression.ts';
import type { CedarSyntaxErrorCode } from './cedar-syntax-error.ts';

/** Reports what is wrong with the characters at an offset of the text between the quotes. */
export type Refuse = (code: CedarSyntaxErrorCode, message: string, at: number) => never;

const simple = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ['0', '\0'],
  ["'", "'"],
  ['"', '"'],
]);

const BYTE = /\\x([0-7][0-9a-fA-F])/uy;
/** As in Rust: underscores may stand between the digits, not before them. */
const UNICODE = /\\u\{([0-9a-fA-F][0-9a-fA-F_]*)\}/uy;
const MAX_UNICODE_DIGITS = 6;
const MAX_CODE_POINT = 0x10_ffff;

/** The text of a string literal, which escapes as Rust does. */
export function unescapeString(raw: string, refuse: Refuse): string {
  let text = '';
  for (let index = 0; index < raw.length;) {
    const [piece, length] = readCharacters(raw, index, refuse);
    text += piece;
    index += length;
  }
  return text;
}

/** The pieces of a `like` pattern: `*` is any text, also where it is written `\u{2a}`; `\*` a star. */
export function unescapePattern(raw: string, refuse: Refuse): PatternPiece[] {
  const pieces: PatternPiece[] = [];
  let literal = '';
  for (let index = 0; index < raw.length;) {
    const star = raw.startsWith('\\*', index);
    const [piece, length] = star ? ['*', 2] : readCharacters(raw, index, refuse);
    index += length;
    if (piece !== '*' || star) {
      literal += piece;
    } else {
      if (literal !== '') pieces.push({ literal });
      literal = '';
      pieces.push('wildcard');
    }
  }
  if (literal !== '') pieces.push({ literal });
  return pieces;
}

/** One character, and how long it is written. */
function readCharacters(raw: string, at: number, refuse: Refuse): [text: string, length: number] {
  const first = raw.charAt(at);
  if (first === '\r') refuse('bad-escape', 'a carriage return in a string is written “\\r”', at);
  if (first !== '\\') return [first, 1];
  const second = raw.charAt(at + 1);
  const known = simple.get(second);
  if (known !== undefined) return [known, 2];
  const hex = matchAt(second === 'x' ? BYTE : UNICODE, raw, at);
  if (hex === undefined) {
    const hint = second === 'x' ? '; \\x goes from 00 to 7F' : '';
    refuse('bad-escape', `“\\${second}” begins no escape that Cedar knows${hint}`, at);
  }
  const [whole, digits] = hex;
  const code = readCodePoint(digits);
  if (code === undefined) refuse('bad-escape', 'this is no Unicode character', at);
  return [String.fromCodePoint(code), whole.length];
}

function matchAt(pattern: RegExp, raw: string, at: number): [string, string] | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(raw);
  const [whole, digits] = match ?? [];
  return whole === undefined || digits === undefined ? undefined : [whole, digits];
}

function readCodePoint(written: string): number | undefined {
  const digits = written.replaceAll('_', '');
  if (digits.length > MAX_UNICODE_DIGITS) return undefined;
  const code = Number.parseInt(digits, 16);
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  return surrogate || code > MAX_CODE_POINT ? undefined : code;
}
