import type { Json } from '@proofline/kernel';
import { MappingError } from '../mapping-error.ts';
import { callFunction } from './call-function.ts';
import { compare, equals, isList, isMap } from './json-values.ts';
import {
  decided,
  Optional,
  plain,
  step,
  truth,
  type Inputs,
  type Scope,
  type Value,
} from './scope.ts';
import type { BinarySign, Expression } from './syntax.ts';

/**
 * What an expression is worth, `undefined` for absent. CEL's own rules: an error ends it, but for the
 * side of `&&` and `||` that the other side decides.
 *
 * @throws MappingError
 */
export function evaluateExpression(expression: Expression, inputs: Inputs): Json | undefined {
  const value = evaluate(expression, { ...inputs, evaluate });
  return value instanceof Optional ? value.value : value;
}

function evaluate(expression: Expression, scope: Scope): Value {
  step(scope);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'variable':
      return variableOf(expression.name, scope);
    case 'list':
      return expression.items.map((item) => plain(item, scope));
    case 'member':
      return memberOf(expression, scope);
    case 'not':
      return !truth(expression.of, scope);
    case 'condition':
      return evaluate(
        truth(expression.test, scope) ? expression.ifTrue : expression.ifFalse,
        scope,
      );
    case 'binary':
      return binary(expression, scope);
    case 'call':
      return callFunction(expression, scope);
  }
}

function variableOf(name: string, { variables }: Scope): Json {
  if (!Object.hasOwn(variables, name)) throw new MappingError(`there is no variable '${name}'`);
  // Its own, as was asked.
  return variables[name]!;
}

type Member = Extract<Expression, { kind: 'member' }>;

function memberOf({ of, key, isOptional }: Member, scope: Scope): Value {
  const owner = evaluate(of, scope);
  const isChained = owner instanceof Optional;
  const from = isChained ? owner.value : owner;
  if (from === undefined) return new Optional(undefined);
  const found = lookUp(from, plain(key, scope));
  if (isOptional || isChained) return new Optional(found);
  if (found !== undefined) return found;
  // A key that was computed may be a caller's value, and is not told.
  const told = key.kind === 'constant' ? ` '${String(key.value)}'` : '';
  throw new MappingError(`no such key${told}`);
}

/** @throws MappingError when nothing can have such a member */
function lookUp(from: Json, key: Json): Json | undefined {
  if (isMap(from) && typeof key === 'string') {
    return Object.hasOwn(from, key) ? from[key] : undefined;
  }
  if (isList(from) && typeof key === 'number' && Number.isInteger(key)) return from[key];
  throw new MappingError('a member is asked of what has none');
}

function binary(
  {
    sign,
    left,
    right,
  }: { readonly sign: BinarySign; readonly left: Expression; readonly right: Expression },
  scope: Scope,
): Json {
  if (sign === '&&' || sign === '||') {
    const sides = [left, right].map((side) => () => truth(side, scope));
    return decided(sign === '||', sides);
  }
  const [one, other] = [plain(left, scope), plain(right, scope)];
  if (sign === '==') return equals(one, other, scope);
  if (sign === '!=') return !equals(one, other, scope);
  if (sign === 'in') return isIn(one, other, scope);
  if (sign === '+') return joined(one, other, scope);
  const order = compare(one, other);
  return { '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[sign];
}

function isIn(item: Json, among: Json, scope: Scope): boolean {
  if (isList(among)) return among.some((one) => equals(one, item, scope));
  if (isMap(among) && typeof item === 'string') return Object.hasOwn(among, item);
  throw new MappingError("'in' is asked of what holds nothing");
}

function joined(one: Json, other: Json, { budget }: Scope): string {
  if (typeof one !== 'string' || typeof other !== 'string') {
    throw new MappingError("'+' joins texts only");
  }
  budget.steps -= Math.ceil((one.length + other.length) / 16);
  return one + other;
}
