import { MappingError } from '../mapping-error.ts';

/** A piece of an expression. A text's `value` is what it stands for, without quotes and escapes. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly value: string;
}

const space = /\s+/y;
const name = /[A-Za-z_][A-Za-z0-9_]*/y;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// Anything else that the language knows is refused: comments, bytes, raw and triple-quoted texts.
const text = /'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"/y;
const sign = /\|\||&&|==|!=|<=|>=|[<>!?:.,()[\]+-]/y;

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Splits an expression. @throws MappingError */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    at += found?.length ?? 0;
    return found;
  };
  for (;;) {
    take(space);
    if (at >= source.length) return [...tokens, { kind: 'end', value: '' }];
    const token = nextToken(take);
    const previous = tokens.at(-1);
    // `1u`, `r'…'`, `b"…"`, `12ab`: two pieces without a space between are none that is read.
    const isGlued = /[A-Za-z0-9_]/.test(source[at - token.width - 1] ?? '');
    if (isGlued && isWord(previous) && isWord(token)) throw unread(source);
    tokens.push({ kind: token.kind, value: token.value });
  }

  function nextToken(from: typeof take): Token & { readonly width: number } {
    for (const [kind, pattern] of kinds) {
      const found = from(pattern);
      if (found === undefined) continue;
      const value = kind === 'text' ? unescape(found, source) : found;
      return { kind, value, width: found.length };
    }
    throw unread(source);
  }
}

const kinds = [
  ['text', text],
  ['number', number],
  ['name', name],
  ['sign', sign],
] as const satisfies readonly (readonly [Token['kind'], RegExp])[];

const isWord = (token: Token | undefined) => token !== undefined && token.kind !== 'sign';

function unescape(quoted: string, source: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(.)/g, (_, letter: string) => {
    const meant = escapes[letter];
    if (meant === undefined) throw unread(source);
    return meant;
  });
}

function unread(source: string): MappingError {
  return new MappingError(`expression '${source}' is not one that is read here`);
}
