import type { Json } from '@proofline/kernel';
import { MappingError } from '../mapping-error.ts';
import { isList, isMap } from './json-values.ts';
import { decided, Optional, plain, truth, withItem, type Scope, type Value } from './scope.ts';
import type { Expression } from './syntax.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Carries out a function or a macro. @throws MappingError */
export function callFunction(call: Call, scope: Scope): Value {
  const { name, on, args } = call;
  // The parser has counted them.
  const [first, second] = args as [Expression, Expression];
  switch (name) {
    case 'has':
      return has(first, scope);
    case 'size':
      return sizeOf(plain(on ?? first, scope));
    case 'string':
      return asText(plain(first, scope));
    case 'startsWith':
    case 'endsWith':
    case 'contains':
      return parts[name](needText(on!, scope), needText(first, scope));
    case 'hasValue':
      return optionalOf(on!, scope).value !== undefined;
    case 'orValue':
      return orElse(optionalOf(on!, scope), () => plain(first, scope));
    case 'exists':
    case 'all':
      return quantified(call, { item: first, holds: second }, scope);
  }
}

const parts = {
  startsWith: (text: string, part: string) => text.startsWith(part),
  endsWith: (text: string, part: string) => text.endsWith(part),
  contains: (text: string, part: string) => text.includes(part),
};

/** What is there stands, though it be null. */
function orElse({ value }: Optional, other: () => Json): Json {
  return value === undefined ? other() : value;
}

/** The macro asks for the last member only; what leads there must be there. */
function has(member: Expression, scope: Scope): boolean {
  if (member.kind !== 'member') throw new MappingError('has() asks for a member');
  const found = scope.evaluate({ ...member, isOptional: true }, scope);
  return found instanceof Optional && found.value !== undefined;
}

function optionalOf(expression: Expression, scope: Scope): Optional {
  const value = scope.evaluate(expression, scope);
  if (value instanceof Optional) return value;
  throw new MappingError('a value is asked for that is always there');
}

function needText(expression: Expression, scope: Scope): string {
  const value = plain(expression, scope);
  if (typeof value !== 'string') throw new MappingError('a text is needed');
  return value;
}

function sizeOf(value: Json): number {
  // CEL counts code points.
  if (typeof value === 'string') return Array.from(value).length;
  if (isList(value)) return value.length;
  if (isMap(value)) return Object.keys(value).length;
  throw new MappingError('size() is asked of what has none');
}

/** Only what has one spelling: an integer beyond 2^53 has been rounded before. */
function asText(value: Json): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  throw new MappingError('string() is asked of what has no one text');
}

function quantified(
  { name, on }: Call,
  { item, holds }: { readonly item: Expression; readonly holds: Expression },
  scope: Scope,
): boolean {
  const items = plain(on!, scope);
  if (!isList(items) || item.kind !== 'variable') {
    throw new MappingError(`${name}() is asked of what is no list`);
  }
  const cases = items.map((one) => () => truth(holds, withItem(scope, item.name, one)));
  return decided(name === 'exists', cases);
}
