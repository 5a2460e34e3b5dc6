import { isEntityTypeName, readEntityUid } from '../entities/read-entity-uid.ts';
import { extensionFunctions } from '../values/extension-functions.ts';
import { type Long, toLong } from '../values/value.ts';
import type { BinaryOperator, Expression, PatternPiece, Variable } from './expression.ts';
import type { JsonPath, Members } from './json-path.ts';

const BINARY: ReadonlySet<string> = new Set<BinaryOperator>([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  'in',
  'contains',
  'containsAll',
  'containsAny',
  'getTag',
  'hasTag',
]);
const UNARY = new Map<string, 'not' | 'negate' | 'is-empty'>([
  ['!', 'not'],
  ['neg', 'negate'],
  ['isEmpty', 'is-empty'],
]);
const VARIABLES: ReadonlySet<string> = new Set(['principal', 'action', 'resource', 'context']);

type Form = (at: JsonPath, json: unknown) => Expression;

/** How each of the other forms is read: what stands under its name. */
const FORMS: ReadonlyMap<string, Form> = new Map<string, Form>([
  ['Value', readValue],
  ['Var', readVariable],
  ['Slot', (at) => at.refuse('malformed', 'a slot may stand only in the scope of a template')],
  ['&&', (at, json) => ({ kind: 'and', ...readSides(at, json) })],
  ['||', (at, json) => ({ kind: 'or', ...readSides(at, json) })],
  ['.', readAttribute],
  ['has', readHas],
  ['like', readLike],
  ['is', readIs],
  ['if-then-else', readIf],
  ['Set', readSet],
  ['Record', readRecord],
]);

/** Reads an expression of the JSON policy form: an object with one member, which names its kind. */
export function readExpressionJson(at: JsonPath, json: unknown): Expression {
  const object = at.object(json);
  const names = Object.keys(object);
  const [name] = names;
  if (name === undefined || names.length > 1) {
    return at.refuse('malformed', 'an expression has exactly one member, which names its kind');
  }
  return at.inside(name, () => readForm(at, name, object[name]));
}

function readForm(at: JsonPath, name: string, json: unknown): Expression {
  if (BINARY.has(name)) {
    // The set has only these names.
    return { kind: 'binary', operator: name as BinaryOperator, ...readSides(at, json) };
  }
  const unary = UNARY.get(name);
  if (unary !== undefined) {
    return { kind: unary, operand: readMember(at, at.exactly(json, ['arg']), 'arg') };
  }
  const form = FORMS.get(name);
  if (form !== undefined) return form(at, json);
  return readCall(
    at,
    name,
    at.list(json, (argument) => readExpressionJson(at, argument)),
  );
}

function readCall(at: JsonPath, name: string, args: readonly Expression[]): Expression {
  if (!extensionFunctions.has(name)) at.refuse('malformed', 'there is no such kind of expression');
  return { kind: 'call', name, arguments: args };
}

function readMember(at: JsonPath, object: Members, name: string): Expression {
  return at.member(object, name, (json) => readExpressionJson(at, json));
}

function readSides(at: JsonPath, json: unknown): { left: Expression; right: Expression } {
  const object = at.exactly(json, ['left', 'right']);
  return { left: readMember(at, object, 'left'), right: readMember(at, object, 'right') };
}

function readVariable(at: JsonPath, json: unknown): Expression {
  const name = at.string(json);
  if (!VARIABLES.has(name)) at.refuse('malformed', 'there is no such variable');
  return { kind: 'variable', name: name as Variable }; // The set has only these names.
}

function readAttribute(at: JsonPath, json: unknown): Expression {
  const object = at.exactly(json, ['left', 'attr']);
  const name = at.member(object, 'attr', (attribute) => at.string(attribute));
  return { kind: 'attribute', of: readMember(at, object, 'left'), name };
}

function readHas(at: JsonPath, json: unknown): Expression {
  const object = at.exactly(json, ['left', 'attr']);
  const path = at.member(object, 'attr', (attribute) =>
    Array.isArray(attribute)
      ? at.list(attribute, (name) => at.string(name))
      : [at.string(attribute)],
  );
  if (path.length === 0) at.refuse('malformed', 'a path has at least one attribute');
  return { kind: 'has', of: readMember(at, object, 'left'), path };
}

function readLike(at: JsonPath, json: unknown): Expression {
  const object = at.exactly(json, ['left', 'pattern']);
  const pattern: PatternPiece[] = [];
  let literal = '';
  const finishLiteral = (): void => {
    if (literal !== '') pattern.push({ literal });
    literal = '';
  };
  const pieces = at.member(object, 'pattern', (list) => at.list(list, (p) => readPiece(at, p)));
  for (const piece of pieces) {
    if (piece === 'wildcard') {
      finishLiteral();
      pattern.push(piece);
    } else {
      literal += piece.literal;
    }
  }
  finishLiteral();
  return { kind: 'like', of: readMember(at, object, 'left'), pattern };
}

function readPiece(at: JsonPath, json: unknown): PatternPiece {
  if (json === 'Wildcard') return 'wildcard';
  const object = at.exactly(json, ['Literal']);
  return { literal: at.member(object, 'Literal', (text) => at.string(text)) };
}

function readIs(at: JsonPath, json: unknown): Expression {
  const object = at.exactly(json, ['left', 'entity_type', 'in']);
  const of = readMember(at, object, 'left');
  const entityType = at.member(object, 'entity_type', (name) => readEntityType(at, name));
  // Cedar's reader takes a `null` for an absent member.
  const isIn = Object.hasOwn(object, 'in') && object['in'] !== null;
  return isIn
    ? { kind: 'is', of, entityType, in: readMember(at, object, 'in') }
    : { kind: 'is', of, entityType };
}

/** Reads the name of an entity type. */
export function readEntityType(at: JsonPath, json: unknown): string {
  const name = at.string(json);
  if (!isEntityTypeName(name)) at.refuse('bad-name', 'this is no name of an entity type');
  return name;
}

function readIf(at: JsonPath, json: unknown): Expression {
  const object = at.exactly(json, ['if', 'then', 'else']);
  return {
    kind: 'if',
    condition: readMember(at, object, 'if'),
    // oxlint-disable-next-line unicorn/no-thenable -- a node of a syntax tree is never awaited.
    then: readMember(at, object, 'then'),
    otherwise: readMember(at, object, 'else'),
  };
}

function readSet(at: JsonPath, json: unknown): Expression {
  return { kind: 'set', elements: at.list(json, (element) => readExpressionJson(at, element)) };
}

function readRecord(at: JsonPath, json: unknown): Expression {
  return readMembers(at, json, readExpressionJson);
}

function readMembers(at: JsonPath, json: unknown, read: Form): Expression {
  const members = Object.entries(at.object(json)).map(([name, member]): [string, Expression] =>
    at.inside(name, () => [at.string(name), read(at, member)]),
  );
  return { kind: 'record', members };
}

/** A value; nested ones read as the expressions that make them, as Cedar does. */
function readValue(at: JsonPath, json: unknown): Expression {
  if (typeof json === 'boolean') return { kind: 'literal', value: json };
  if (typeof json === 'string') return { kind: 'literal', value: at.string(json) };
  if (typeof json === 'number' || typeof json === 'bigint') {
    return { kind: 'literal', value: readLong(at, json) };
  }
  if (Array.isArray(json)) {
    return { kind: 'set', elements: at.list(json, (element) => readValue(at, element)) };
  }
  const object = at.object(json);
  const escape = Object.keys(object).length === 1 ? Object.keys(object)[0] : undefined;
  if (escape === '__entity' && isReference(object[escape])) {
    return { kind: 'literal', value: readUid(at, object) };
  }
  if (escape === '__extn' && isCall(object[escape])) {
    const call = object[escape];
    return at.inside(escape, () => readExtension(at, call));
  }
  if (escape === '__expr' && typeof object[escape] === 'string') {
    return at.refuse('malformed', 'the escape “__expr” is no longer supported');
  }
  return readMembers(at, object, readValue);
}

/** Reads the uid of an entity. */
export function readUid(at: JsonPath, json: unknown) {
  const object = at.object(json);
  const inner = Object.hasOwn(object, '__entity') ? object['__entity'] : object;
  if (!isReference(inner)) {
    at.refuse('malformed', 'an entity is named by an object with the strings “type” and “id”');
  }
  at.string(inner.id);
  readEntityType(at, inner.type);
  return readEntityUid(inner);
}

function isReference(json: unknown): json is { type: string; id: string } {
  return hasOwnText(json, 'type') && hasOwnText(json, 'id');
}

function isCall(json: unknown): json is Members & { fn: string } {
  return hasOwnText(json, 'fn') && (Object.hasOwn(json, 'arg') || Object.hasOwn(json, 'args'));
}

function hasOwnText<K extends string>(json: unknown, name: K): json is Record<K, string> {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, name)) return false;
  return typeof (json as Members)[name] === 'string'; // It is an object, as was just looked at.
}

function readExtension(at: JsonPath, call: Members & { fn: string }): Expression {
  const args = Object.hasOwn(call, 'arg')
    ? [at.member(call, 'arg', (argument) => readValue(at, argument))]
    : at.member(call, 'args', (list) => at.list(list, (argument) => readValue(at, argument)));
  if (!extensionFunctions.has(call.fn)) at.refuse('bad-extension', 'there is no such function');
  return { kind: 'call', name: call.fn, arguments: args };
}

function readLong(at: JsonPath, json: number | bigint): Long {
  const exact = typeof json === 'bigint' || Number.isSafeInteger(json);
  const value = exact ? toLong(BigInt(json)) : undefined;
  if (value === undefined) {
    at.refuse('not-a-long', 'a number must be an integer of 64 bits (a bigint beyond 2^53)');
  }
  return value;
}
