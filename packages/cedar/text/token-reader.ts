import { CedarSyntaxError, positionAt, type CedarSyntaxErrorCode } from './cedar-syntax-error.ts';

/** Marks of one character, and those of two with their second character. */
const MARKS = '@.,;:(){}[]<>+-*/%!=|&';
const PAIRS = ['::', '==', '!=', '<=', '>=', '||', '&&'];

const LETTER = 1;
const DIGIT = 2;
const CODES = 128;
const classes = new Uint8Array(CODES);
for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') {
  classes[letter.charCodeAt(0)] = LETTER;
}
for (const digit of '0123456789') classes[digit.charCodeAt(0)] = DIGIT;

const marks: (string | undefined)[] = Array.from({ length: CODES });
for (const mark of MARKS) marks[mark.charCodeAt(0)] = mark;
const pairs: (string | undefined)[] = Array.from({ length: CODES });
for (const pair of PAIRS) pairs[pair.charCodeAt(0)] = pair;

const QUOTE = 34;
const SLASH = 47;
const QUESTION = 63;
const BACKSLASH = 92;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** Unicode White_Space beyond ASCII, as Rust's `\s` has it; unlike JavaScript's, without U+FEFF. */
const WIDE_SPACES = /[\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/u;

/**
 * Reads a policy text token by token, each one when it is asked for. A mark is its own kind; the
 * others are `identifier`, `number`, `string`, `slot` and `end`.
 */
export class TokenReader {
  readonly text: string;
  kind = 'end';
  /** Where the token begins and ends. */
  start = 0;
  end = 0;
  /** An identifier, the digits of a number, or a slot; of a string its text between the quotes. */
  value = '';
  /** Whether a string holds something that must be unescaped. */
  escaped = false;
  /** Where the token before this one ended. */
  previousEnd = 0;

  constructor(text: string) {
    this.text = text;
    this.next();
  }

  /** Whether the token is this word. */
  isWord(word: string): boolean {
    return this.kind === 'identifier' && this.value === word;
  }

  /** Goes past a token of this kind, if it is one. */
  skip(kind: string): boolean {
    if (this.kind !== kind) return false;
    this.next();
    return true;
  }

  /** Goes past a token of this kind, and throws if it is none. */
  expect(kind: string): void {
    if (this.kind !== kind) this.unexpected(`“${kind}”`);
    this.next();
  }

  /** Goes past an identifier, which it returns. */
  identifier(what: string): string {
    if (this.kind !== 'identifier') this.unexpected(what);
    const { value } = this;
    this.next();
    return value;
  }

  unexpected(wanted: string): never {
    if (this.kind === 'end')
      this.fail('unexpected-end', `the text ends where ${wanted} must stand`);
    const found = this.text.slice(this.start, Math.min(this.end, this.start + 40));
    this.fail('unexpected-token', `found “${found}” where ${wanted} must stand`);
  }

  fail(code: CedarSyntaxErrorCode, message: string, offset = this.start): never {
    throw new CedarSyntaxError(code, message, positionAt(this.text, offset));
  }

  next(): void {
    this.previousEnd = this.end;
    const start = this.skipSpace(this.end);
    this.start = start;
    const code = this.text.charCodeAt(start);
    const kind = classes[code];
    if (kind === LETTER) this.readIdentifier(start);
    else if (code === QUOTE) this.readString(start);
    else if (kind === DIGIT) this.readNumber(start);
    else if (start >= this.text.length) this.finish('end', start);
    else this.readMark(start, code);
  }

  private skipSpace(from: number): number {
    const { text } = this;
    let index = from;
    for (;;) {
      const code = text.charCodeAt(index);
      if (code === 32 || (code >= 9 && code <= CARRIAGE_RETURN)) index += 1;
      else if (code === SLASH && text.charCodeAt(index + 1) === SLASH) index = this.lineEnd(index);
      else if (code >= CODES && WIDE_SPACES.test(text.charAt(index))) index += 1;
      else return index;
    }
  }

  private lineEnd(from: number): number {
    let index = from;
    while (index < this.text.length) {
      const code = this.text.charCodeAt(index);
      if (code === LINE_FEED || code === CARRIAGE_RETURN) break;
      index += 1;
    }
    return index;
  }

  private finish(kind: string, end: number): void {
    this.kind = kind;
    this.end = end;
  }

  private readIdentifier(start: number): void {
    const end = this.wordEnd(start);
    this.value = this.text.slice(start, end);
    this.finish('identifier', end);
  }

  private wordEnd(from: number): number {
    let index = from + 1;
    // Beyond the table, and at the end of the text (NaN), it is `undefined`.
    while ((classes[this.text.charCodeAt(index)] ?? 0) !== 0) index += 1;
    return index;
  }

  private readNumber(start: number): void {
    let end = start + 1;
    while (classes[this.text.charCodeAt(end)] === DIGIT) end += 1;
    this.value = this.text.slice(start, end);
    this.finish('number', end);
  }

  private readString(start: number): void {
    const { text } = this;
    this.escaped = false;
    for (let index = start + 1; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.value = text.slice(start + 1, index);
        this.finish('string', index + 1);
        return;
      }
      if (code === BACKSLASH) {
        this.escaped = true;
        index += 1;
        // Cedar's lexer reads `\` with any one character but a line feed.
        if (text.charCodeAt(index) === LINE_FEED) {
          this.fail('bad-escape', 'a string cannot go on in the next line with “\\”', index - 1);
        }
      } else if (code === CARRIAGE_RETURN) {
        this.escaped = true;
      }
    }
    this.fail('unterminated-string', 'this string has no closing quote', start);
  }

  private readMark(start: number, code: number): void {
    const pair = pairs[code];
    if (pair !== undefined && this.text.charCodeAt(start + 1) === pair.charCodeAt(1)) {
      this.finish(pair, start + 2);
      return;
    }
    if (code === QUESTION && classes[this.text.charCodeAt(start + 1)] === LETTER) {
      const end = this.wordEnd(start);
      this.value = this.text.slice(start, end);
      this.finish('slot', end);
      return;
    }
    const mark = marks[code];
    if (mark === undefined || mark === '|' || mark === '&') {
      this.fail('bad-token', 'no part of a policy begins with this character', start);
    }
    this.finish(mark, start + 1);
  }
}
