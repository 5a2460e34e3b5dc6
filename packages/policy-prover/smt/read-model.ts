/** What stands in an S-expression: a word, a text, or a list of such. */
export type Sexp = string | { readonly text: string } | readonly Sexp[];

/** A model that is not of a form that can be read; such a counterexample is not shown. */
export class UnreadableModel extends Error {
  override readonly name = 'UnreadableModel';
}

/** Reads the answer to `(get-value (…))`: the value of each term, in the order asked for. */
export function readValues(answer: string): Sexp[] {
  const tokens = answer.match(/\(|\)|"(?:[^"]|"")*"|[^\s()"]+/g) ?? [];
  let at = 0;
  const read = (): Sexp => {
    const token = tokens[at];
    at += 1;
    if (token === undefined || token === ')') throw new UnreadableModel('the answer breaks off');
    if (token !== '(') return token.startsWith('"') ? { text: unescaped(token) } : token;
    const list: Sexp[] = [];
    while (tokens[at] !== ')') list.push(read());
    at += 1;
    return list;
  };
  const pairs = read();
  if (!isList(pairs)) throw new UnreadableModel('the answer is no list');
  return pairs.map((pair) => {
    const value = isList(pair) ? pair[1] : undefined;
    if (value === undefined) throw new UnreadableModel('a term has no value');
    return value;
  });
}

/** The text of a literal as {@link Sexp} terms have it, quotes included. */
export function readLiteral(literal: string): string {
  return unescaped(literal);
}

function unescaped(token: string): string {
  const inside = token.slice(1, -1).replaceAll('""', '"');
  return inside.replaceAll(/\\u\{([0-9a-fA-F]+)\}/g, (_, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
}

/** Reads `true` or `false`. */
export function readBoolean(value: Sexp): boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  throw new UnreadableModel('this is no truth value');
}

/** Reads a string. */
export function readText(value: Sexp): string {
  if (typeof value === 'object' && 'text' in value) return value.text;
  throw new UnreadableModel('this is no text');
}

/** Bits as they are written. */
export function readCode(value: Sexp): string {
  if (typeof value === 'string' && value.startsWith('#x')) return value;
  throw new UnreadableModel('these are no bits');
}

/** Bits, not yet signed. */
export function readBits(value: Sexp): bigint {
  if (typeof value === 'string' && /^#[xb]/.test(value)) return BigInt(`0${value.slice(1)}`);
  throw new UnreadableModel('these are no bits');
}

/** The elements of an array that is false but for some: `(store (store … x true) y true)`. */
export function readElements(value: Sexp): Sexp[] {
  const decided = new Map<string, { readonly element: Sexp; readonly isIn: boolean }>();
  let rest = value;
  while (isList(rest) && rest[0] === 'store') {
    const [, inner, element, isIn] = rest;
    if (inner === undefined || element === undefined || isIn === undefined) break;
    const key = JSON.stringify(element);
    // The outermost says what holds.
    if (!decided.has(key)) decided.set(key, { element, isIn: readBoolean(isIn) });
    rest = inner;
  }
  const isNothingElse =
    isList(rest) && isList(rest[0]) && rest[0][0] === 'as' && rest[1] === 'false';
  if (!isNothingElse) throw new UnreadableModel('a set has no end');
  return [...decided.values()].flatMap(({ element, isIn }) => (isIn ? [element] : []));
}

function isList(value: Sexp | undefined): value is readonly Sexp[] {
  return Array.isArray(value);
}
