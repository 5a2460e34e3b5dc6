import { ProblemError } from '@proofline/protocol';
import { locate, type AttributePath } from './attribute-path.ts';
import { findAttribute, type Attribute, type ResourceShape } from './attributes.ts';

/** How two values are compared (RFC 7644 §3.4.2.2). */
export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le' | 'pr';
/** A value in a filter. */
export type Literal = string | number | boolean | null;

/** A filter, read. */
export type Filter =
  | { readonly is: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly is: 'not'; readonly part: Filter }
  | { readonly is: 'value-path'; readonly path: AttributePath; readonly part: Filter }
  | {
      readonly is: 'comparison';
      readonly path: AttributePath;
      readonly operator: Operator;
      readonly value: Literal;
    };

const TERMS_MAX = 20;
const DEPTH_MAX = 8;
const TOKENS = /\s*("(?:[^"\\]|\\.)*"|[()[\]]|[^\s()[\]"]+)/gy;
const OPERATORS: ReadonlySet<string> = new Set('eq ne co sw ew gt ge lt le'.split(' '));

type FindPath = (text: string) => AttributePath;

/** What a filter is about: a resource, or the values of one attribute of it. */
interface Reader {
  readonly tokens: string[];
  at: number;
  terms: number;
}

/** @throws ProblemError `scim.filter` */
function refuse(internal: string): never {
  throw new ProblemError('scim.filter', { internal });
}

/** Reads a filter over a kind of resource. @throws ProblemError `scim.filter` */
export function parseFilter(text: string, shape: ResourceShape): Filter {
  return parseWhole(text, (name) => {
    const located = locate(name, shape);
    return located.is === 'attribute' ? located.path : refuse('no such attribute');
  });
}

/** Reads what stands in brackets behind an attribute. @throws ProblemError `scim.filter` */
export function parseValueFilter(text: string, attribute: Attribute): Filter {
  return parseWhole(text, pathWithin(attribute));
}

/** Within brackets the names are those of the sub-attributes. */
function pathWithin(attribute: Attribute): FindPath {
  return (name) => {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    return sub === undefined
      ? refuse('no such sub-attribute')
      : { extension: undefined, attribute: sub, sub: undefined };
  };
}

function parseWhole(text: string, find: FindPath): Filter {
  const reader: Reader = { tokens: tokensOf(text), at: 0, terms: 0 };
  const filter = readOr(reader, find, 0);
  if (reader.at !== reader.tokens.length) refuse('something stands behind its end');
  return filter;
}

function tokensOf(text: string): string[] {
  const trimmed = text.trim();
  const tokens: string[] = [];
  TOKENS.lastIndex = 0;
  while (TOKENS.lastIndex < trimmed.length) {
    const found = TOKENS.exec(trimmed)?.[1];
    // A sticky expression that finds nothing begins anew at 0.
    if (found === undefined) refuse('no token');
    tokens.push(found);
  }
  return tokens.length === 0 ? refuse('empty') : tokens;
}

const peek = (reader: Reader) => reader.tokens[reader.at]?.toLowerCase();

function take(reader: Reader, wanted: string): void {
  if (peek(reader) !== wanted) refuse(`${wanted} is missing`);
  reader.at += 1;
}

function readOr(reader: Reader, find: FindPath, depth: number): Filter {
  return readChain(reader, 'or', () =>
    readChain(reader, 'and', () => readTerm(reader, find, depth)),
  );
}

function readChain(reader: Reader, is: 'and' | 'or', read: () => Filter): Filter {
  const first = read();
  const parts = [first];
  while (peek(reader) === is) {
    reader.at += 1;
    parts.push(read());
  }
  return parts.length === 1 ? first : { is, parts };
}

function readTerm(reader: Reader, find: FindPath, depth: number): Filter {
  reader.terms += 1;
  if (reader.terms > TERMS_MAX || depth > DEPTH_MAX) refuse('too long');
  if (peek(reader) === 'not') {
    reader.at += 1;
    return { is: 'not', part: readGroup(reader, find, depth) };
  }
  if (peek(reader) === '(') return readGroup(reader, find, depth);
  const name = reader.tokens[reader.at] ?? refuse('an attribute is missing');
  reader.at += 1;
  const path = find(name);
  if (peek(reader) !== '[') return readComparison(reader, path);
  reader.at += 1;
  const part = readOr(reader, pathWithin(path.attribute), depth + 1);
  take(reader, ']');
  return { is: 'value-path', path, part };
}

function readGroup(reader: Reader, find: FindPath, depth: number): Filter {
  take(reader, '(');
  const part = readOr(reader, find, depth + 1);
  take(reader, ')');
  return part;
}

function readComparison(reader: Reader, path: AttributePath): Filter {
  const word = peek(reader);
  reader.at += 1;
  if (word === 'pr') return { is: 'comparison', path, operator: 'pr', value: null };
  if (word === undefined || !OPERATORS.has(word)) return refuse('no such operator');
  const literal = reader.tokens[reader.at] ?? refuse('a value is missing');
  reader.at += 1;
  // Checked against the list of operators above.
  return { is: 'comparison', path, operator: word as Operator, value: readLiteral(literal) };
}

function readLiteral(token: string): Literal {
  try {
    const value: unknown = JSON.parse(
      /^(true|false|null)$/i.test(token) ? token.toLowerCase() : token,
    );
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) {
      return value as Literal; // just looked at
    }
  } catch {
    // Told below.
  }
  return refuse('no such value');
}
