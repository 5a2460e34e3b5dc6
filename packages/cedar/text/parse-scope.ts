import type { Slot } from '../policy/expression.ts';
import type { ActionConstraint, Policy, ScopeConstraint, ScopeTarget } from '../policy/policy.ts';
import { EntityUid } from '../values/value.ts';
import { parseString } from './literals.ts';
import { parseEntityType, parseQualifiedName } from './names.ts';
import type { TokenReader } from './token-reader.ts';

type Scope = Pick<Policy, 'principal' | 'action' | 'resource'>;

/** Scope := '(' Principal ',' Action ',' Resource [','] ')' */
export function parseScope(reader: TokenReader): Scope {
  reader.expect('(');
  const principal = parseConstraint(reader, 'principal');
  reader.expect(',');
  const action = parseAction(reader);
  reader.expect(',');
  const resource = parseConstraint(reader, 'resource');
  reader.skip(',');
  if (reader.kind === 'identifier') {
    reader.fail('bad-scope', 'a scope has a principal, an action and a resource, nothing else');
  }
  reader.expect(')');
  return { principal, action, resource };
}

function parseConstraint(reader: TokenReader, variable: 'principal' | 'resource'): ScopeConstraint {
  expectVariable(reader, variable);
  if (reader.isWord('is')) {
    reader.next();
    const entityType = parseEntityType(reader);
    if (!reader.isWord('in')) return { kind: 'is', entityType };
    reader.next();
    return { kind: 'is', entityType, in: parseTarget(reader, variable) };
  }
  const kind = parseOperator(reader);
  return kind === undefined ? { kind: 'any' } : { kind, target: parseTarget(reader, variable) };
}

function parseAction(reader: TokenReader): ActionConstraint {
  expectVariable(reader, 'action');
  const kind = parseOperator(reader);
  if (kind === undefined) return { kind: 'any' };
  const close = skipParentheses(reader);
  const targets = kind === 'in' && reader.skip('[') ? parseActions(reader) : undefined;
  const target = targets === undefined ? parseActionUid(reader) : undefined;
  close();
  if (targets !== undefined) return { kind: 'in', targets };
  if (target === undefined) return { kind: 'any' };
  return kind === 'equals' ? { kind, target } : { kind, targets: [target] };
}

function parseActions(reader: TokenReader): EntityUid[] {
  const targets: EntityUid[] = [];
  while (!reader.skip(']')) {
    const close = skipParentheses(reader);
    targets.push(parseActionUid(reader));
    close();
    if (!reader.skip(',') && reader.kind !== ']') reader.unexpected('“,” or “]”');
  }
  return targets;
}

/** Actions are entities of a type `Action`, of any namespace. */
function parseActionUid(reader: TokenReader): EntityUid {
  const { start } = reader;
  const uid = parseUid(reader, 'an action');
  if (uid.type !== 'Action' && !uid.type.endsWith('::Action')) {
    reader.fail('bad-scope', 'the type of an action is “Action”', start);
  }
  return uid;
}

function parseTarget(reader: TokenReader, variable: 'principal' | 'resource'): ScopeTarget {
  const close = skipParentheses(reader);
  const target =
    reader.kind === 'slot' ? parseSlot(reader, `?${variable}`) : parseUid(reader, 'an entity');
  close();
  return target;
}

function parseSlot(reader: TokenReader, slot: Slot): Slot {
  if (reader.value !== slot)
    reader.fail('bad-scope', `the only slot that can stand here is ${slot}`);
  reader.next();
  return slot;
}

function parseUid(reader: TokenReader, what: string): EntityUid {
  if (reader.kind !== 'identifier') scopeError(reader, what);
  const { start } = reader;
  const { name, beforeId } = parseQualifiedName(reader, what);
  if (!beforeId) scopeError(reader, what, start);
  return new EntityUid(name, parseString(reader, 'the id of an entity'));
}

function scopeError(reader: TokenReader, what: string, offset = reader.start): never {
  if (reader.kind === 'end') reader.unexpected(what);
  reader.fail('bad-scope', `here stands ${what}, written Type::"id"`, offset);
}

function expectVariable(reader: TokenReader, variable: string): void {
  if (!reader.isWord(variable)) {
    if (reader.kind !== 'identifier' && reader.kind !== ')') reader.unexpected(`“${variable}”`);
    reader.fail('bad-scope', `here stands “${variable}”: a scope is (principal, action, resource)`);
  }
  reader.next();
  if (reader.kind === ':') reader.fail('bad-scope', 'a type is written “is”, not “:”');
}

/** `==` or `in`; nothing where no constraint stands. */
function parseOperator(reader: TokenReader): 'equals' | 'in' | undefined {
  if (reader.skip('==')) return 'equals';
  if (reader.isWord('in')) {
    reader.next();
    return 'in';
  }
  if (reader.kind !== ',' && reader.kind !== ')' && reader.kind !== 'end') {
    reader.fail(
      'bad-scope',
      'a scope compares only with “==”, “in” and “is” (no “is” for actions)',
    );
  }
  return undefined;
}

/** Cedar allows parentheses around an entity; returns what goes past the closing ones. */
function skipParentheses(reader: TokenReader): () => void {
  let count = 0;
  while (reader.skip('(')) count += 1;
  return () => {
    for (; count > 0; count -= 1) reader.expect(')');
  };
}
