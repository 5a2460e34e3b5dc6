import { CedarInputError, type CedarInputErrorCode } from '../input-error.ts';

/** What JSON holds; integers beyond ±(2^53 − 1) are bigints. */
export type JsonValue = null | boolean | number | bigint | string | JsonValue[] | JsonMembers;

/** An object of JSON; it inherits nothing, so that `__proto__` and `toString` are ordinary names. */
export interface JsonMembers {
  [name: string]: JsonValue;
}

/** Bounds on a text of JSON. */
export interface ReadJsonOptions {
  /** In UTF-16 code units; 16 Mi unless told. */
  readonly maxLength?: number;
  /** Objects and lists in one another; 100 unless told. */
  readonly maxDepth?: number;
}

const MAX_LENGTH = 16 * 1024 * 1024;
const MAX_DEPTH = 100;
/** So many digits are exact in a double. */
const SAFE_DIGITS = 15;
/** `BigInt(text)` takes longer than its length; nobody means an integer like this. */
const MAX_DIGITS = 1_000;

/**
 * Reads JSON (RFC 8259) without loss. Refused are names that an object has twice, numbers that are no
 * double, and halves of surrogate pairs. Throws a `CedarInputError` that names line and column.
 */
export function readJson(text: string, options: ReadJsonOptions = {}): JsonValue {
  return new JsonReader(text, options).read();
}

/** `new Members()`: V8 reads such an object fast, unlike one of `Object.create(null)`. */
const Members = function () {} as unknown as new () => JsonMembers; // Called by `new` only.
Members.prototype = Object.freeze(Object.create(null) as object); // Of `any`: an object without members.

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/uy;
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))/uy;
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const CLOSE_OBJECT = 125;
const SPACE = 32;

class JsonReader {
  private readonly text: string;
  private readonly maxDepth: number;
  private at = 0;
  private depth = 0;

  constructor(text: string, options: ReadJsonOptions) {
    this.text = text;
    this.maxDepth = options.maxDepth ?? MAX_DEPTH;
    if (text.length > (options.maxLength ?? MAX_LENGTH)) this.fail('too-large', 'too much text');
    if (!text.isWellFormed()) this.fail('malformed', 'the text has half of a character');
  }

  read(): JsonValue {
    this.skipSpace();
    const value = this.readValue();
    this.skipSpace();
    if (this.at < this.text.length) this.unexpected('the end of the text');
    return value;
  }

  private fail(code: CedarInputErrorCode, message: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    const column = (before.at(-1) ?? '').length + 1;
    throw new CedarInputError(code, `${message} (line ${before.length}, column ${column})`);
  }

  private unexpected(wanted: string): never {
    this.fail(
      'malformed',
      `${this.at < this.text.length ? 'here' : 'at the end'} must be ${wanted}`,
    );
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== SPACE && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }

  private readValue(): JsonValue {
    const code = this.text.charCodeAt(this.at);
    if (code === QUOTE) return this.readString();
    if (code === MINUS || (code >= ZERO && code <= NINE)) return this.readNumber();
    switch (this.text.charAt(this.at)) {
      case '{':
        return this.nested(this.readObject);
      case '[':
        return this.nested(this.readList);
      case 't':
        return this.readWord('true', true);
      case 'f':
        return this.readWord('false', false);
      case 'n':
        return this.readWord('null', null);
      default:
        return this.unexpected('a value');
    }
  }

  private readWord<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.unexpected('a value');
    this.at += word.length;
    return value;
  }

  private nested(read: () => JsonValue): JsonValue {
    this.depth += 1;
    if (this.depth > this.maxDepth) this.fail('too-deep', 'this is nested too deep');
    this.at += 1;
    this.skipSpace();
    const value = read.call(this);
    this.depth -= 1;
    return value;
  }

  private readList(): JsonValue {
    const list: JsonValue[] = [];
    if (this.skip(CLOSE_LIST)) return list;
    for (;;) {
      list.push(this.readValue());
      this.skipSpace();
      if (this.skip(CLOSE_LIST)) return list;
      this.expect(COMMA, '“,” or “]”');
    }
  }

  private readObject(): JsonValue {
    const object = new Members();
    if (this.skip(CLOSE_OBJECT)) return object;
    for (;;) {
      const start = this.at;
      if (this.text.charCodeAt(start) !== QUOTE) this.unexpected('a name in quotes');
      const name = this.readString();
      if (name in object) {
        this.at = start;
        this.fail('duplicate', 'this object has this name twice');
      }
      this.skipSpace();
      this.expect(COLON, '“:”');
      object[name] = this.readValue();
      this.skipSpace();
      if (this.skip(CLOSE_OBJECT)) return object;
      this.expect(COMMA, '“,” or “}”');
    }
  }

  private skip(mark: number): boolean {
    if (this.text.charCodeAt(this.at) !== mark) return false;
    this.at += 1;
    return true;
  }

  private expect(mark: number, wanted: string): void {
    if (!this.skip(mark)) this.unexpected(wanted);
    this.skipSpace();
  }

  private readNumber(): number | bigint {
    const start = this.at;
    let end = start + 1;
    let code = this.text.charCodeAt(end);
    while (code >= ZERO && code <= NINE) {
      end += 1;
      code = this.text.charCodeAt(end);
    }
    const isShort = end - start <= SAFE_DIGITS && code !== 46 && code !== 69 && code !== 101;
    // A sign needs a digit, and a zero none behind it: the expression below says so.
    const first = this.text.charCodeAt(start);
    if (isShort && first !== MINUS && (first !== ZERO || end === start + 1)) {
      this.at = end;
      return Number(this.text.slice(start, end));
    }
    return this.readLongNumber();
  }

  private readLongNumber(): number | bigint {
    NUMBER.lastIndex = this.at;
    const [digits, fraction, exponent] = NUMBER.exec(this.text) ?? [];
    if (digits === undefined) return this.unexpected('a number');
    const value = Number(digits);
    if (!Number.isFinite(value)) this.fail('not-a-long', 'this number is too large');
    this.at += digits.length;
    if (fraction !== undefined || exponent !== undefined) return value;
    if (Number.isSafeInteger(value)) return value;
    if (digits.length > MAX_DIGITS) this.fail('too-large', 'this number is too long');
    return BigInt(digits);
  }

  private readString(): string {
    const { text } = this;
    const start = this.at + 1;
    for (let index = start; ; index += 1) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.at = index + 1;
        return text.slice(start, index);
      }
      if (code === BACKSLASH) return this.readEscapedString(start, index);
      // Also at the end of the text, where it is NaN.
      if (!(code >= SPACE)) this.failInString(index);
    }
  }

  private readEscapedString(start: number, firstEscape: number): string {
    const { text } = this;
    let result = '';
    let from = start;
    for (let index = firstEscape; ;) {
      const code = text.charCodeAt(index);
      if (code === QUOTE) {
        this.at = index + 1;
        result += text.slice(from, index);
        if (!result.isWellFormed()) this.fail('malformed', 'this string has half of a character');
        return result;
      }
      if (code === BACKSLASH) {
        ESCAPE.lastIndex = index;
        const [escape, hex, letter] = ESCAPE.exec(text) ?? [];
        if (escape === undefined) this.failInString(index);
        result += text.slice(from, index);
        result += hex === undefined ? escapes[letter ?? ''] : unit(hex);
        index += escape.length;
        from = index;
      } else if (code >= SPACE) {
        index += 1;
      } else {
        this.failInString(index);
      }
    }
  }

  private failInString(index: number): never {
    this.at = index;
    if (index >= this.text.length) this.unexpected('the closing quote of a string');
    this.fail('malformed', 'a string must escape this character, or has an escape that is none');
  }
}

/** One UTF-16 code unit; two of them may make a character. */
function unit(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
