import { parseString } from './literals.ts';
import type { TokenReader } from './token-reader.ts';

/** Words of the language; unlike `when` or `principal`, no name may be one of them. */
const RESERVED = new Set([
  'true',
  'false',
  'if',
  'then',
  'else',
  'in',
  'is',
  'like',
  'has',
  '__cedar',
]);

/** Throws where a word cannot be a name. */
export function checkName(reader: TokenReader, word: string, offset: number): void {
  if (RESERVED.has(word)) {
    reader.fail('reserved-name', `“${word}” is a reserved word, not a name`, offset);
  }
}

/** An identifier that is no reserved word: the name of an attribute. */
export function parseName(reader: TokenReader, what: string): string {
  const { start } = reader;
  const name = reader.identifier(what);
  checkName(reader, name, start);
  return name;
}

/** `A::B`, whose first word was read; ends before a `::` that a string follows. */
export interface QualifiedName {
  readonly name: string;
  /** Whether the token is the string of an entity's id, `::` before it gone. */
  readonly beforeId: boolean;
}

/** The rest of a qualified name. */
export function parseQualifiedName(reader: TokenReader, what: string): QualifiedName {
  let name = parseName(reader, what);
  while (reader.skip('::')) {
    if (reader.kind === 'string') return { name, beforeId: true };
    name += `::${parseName(reader, 'a name or a quoted id')}`;
  }
  return { name, beforeId: false };
}

/** The name of an entity type. */
export function parseEntityType(reader: TokenReader): string {
  const { start } = reader;
  if (reader.kind !== 'identifier')
    reader.fail('bad-type', 'here stands the name of an entity type');
  const { name, beforeId } = parseQualifiedName(reader, 'the name of an entity type');
  if (beforeId) reader.fail('bad-type', 'this is an entity, not the name of its type', start);
  return name;
}

/** What stands on the right of `has`: a name, a path of names, or a string. */
export function parsePath(reader: TokenReader): string[] {
  if (reader.kind === 'string') return [parseString(reader, 'an attribute')];
  const path = [parseName(reader, 'the name of an attribute')];
  while (reader.skip('.')) path.push(parseName(reader, 'the name of an attribute'));
  return path;
}
