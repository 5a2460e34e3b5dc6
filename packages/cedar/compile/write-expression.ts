import type { BinaryOperator, Expression } from '../policy/expression.ts';
import { compilePattern } from '../values/pattern.ts';
import { constantOf, type Constant } from './constants.ts';

/** JavaScript for an expression, and what is known of its value, so that it is not checked twice. */
interface Code {
  readonly text: string;
  readonly known?: 'bool' | 'entity' | 'record';
}

/** What the source refers to beside the frame: constants as `k[…]`, temporaries as `t…`. */
export interface Surroundings {
  readonly constants: unknown[];
  temporaries: number;
}

type Of<K extends Expression['kind']> = Expression & { readonly kind: K };
type Writers = { readonly [K in Expression['kind']]: (one: Of<K>, around: Surroundings) => Code };

/** Names that a plain object answers to without having them. */
const inherited = new Set(Object.getOwnPropertyNames(Object.prototype));

const writers: Writers = {
  literal: ({ value }, around) => constant({ kind: 'value', value }, around),
  variable: ({ name }) => ({ text: `q.${name}`, known: name === 'context' ? 'record' : 'entity' }),
  slot: () => ({ text: `r.fail('slot')` }),
  not: ({ operand }, around) => bool(`!${writeBool(operand, around)}`),
  negate: ({ operand }, around) => ({ text: `r.negate(${text(operand, around)})` }),
  'is-empty': ({ operand }, around) => bool(`r.isEmpty(${text(operand, around)})`),
  and: (one, around) => bool(`(${writeBool(one.left, around)}&&${writeBool(one.right, around)})`),
  or: (one, around) => bool(`(${writeBool(one.left, around)}||${writeBool(one.right, around)})`),
  binary: (one, around) =>
    one.operator === '==' || one.operator === '!='
      ? equality(one, around)
      : operators[one.operator](text(one.left, around), text(one.right, around)),
  if: (one, around) => choice(one, around),
  attribute: ({ of, name }, around) => {
    const member = memberOf(recordText(of, 'r.recordOf', around), name);
    const kept = temporary(around);
    return { text: `((${kept}=${member})===undefined?r.fail('attribute-missing'):${kept})` };
  },
  has: ({ of, path }, around) => has(of, path, around),
  like: ({ of, pattern }, around) =>
    bool(`${keep(compilePattern(pattern), around)}(r.asString(${text(of, around)}))`),
  is: (one, around) => isOfType(one, around),
  set: ({ elements }, around) => ({ text: `r.makeSet([${list(elements, around)}])` }),
  record: ({ members }, around) => {
    // Cedar keeps members by name, and evaluates them so: it decides which error comes first.
    const sorted = members.toSorted(([one], [other]) => (one < other ? -1 : 1));
    const pairs = sorted.map(([name, value]) => `[${JSON.stringify(name)},${text(value, around)}]`);
    return { text: `r.makeRecord([${pairs.join(',')}])`, known: 'record' };
  },
  call: ({ name, arguments: given }, around) => ({
    text: `r.callExtension(${JSON.stringify(name)},[${list(given, around)}])`,
  }),
};

type Operator = Exclude<BinaryOperator, '==' | '!='>;
const operators: Readonly<Record<Operator, (left: string, right: string) => Code>> = {
  '<': (left, right) => bool(`r.isLess(${left},${right})`),
  '<=': (left, right) => bool(`r.isLessOrEqual(${left},${right})`),
  '>': (left, right) => bool(`r.isGreater(${left},${right})`),
  '>=': (left, right) => bool(`r.isGreaterOrEqual(${left},${right})`),
  '+': (left, right) => ({ text: `r.add(${left},${right})` }),
  '-': (left, right) => ({ text: `r.subtract(${left},${right})` }),
  '*': (left, right) => ({ text: `r.multiply(${left},${right})` }),
  in: (left, right) => bool(`r.isIn(q,${left},${right})`),
  contains: (left, right) => bool(`r.contains(${left},${right})`),
  containsAll: (left, right) => bool(`r.containsAll(${left},${right})`),
  containsAny: (left, right) => bool(`r.containsAny(${left},${right})`),
  getTag: (left, right) => ({ text: `r.getTag(q,${left},${right})` }),
  hasTag: (left, right) => bool(`r.hasTag(q,${left},${right})`),
};

/** Writes an expression that must be a Boolean; anything else is a type error when it is evaluated. */
export function writeBool(expression: Expression, around: Surroundings): string {
  const code = write(expression, around);
  return code.known === 'bool' ? code.text : `r.asBool(${code.text})`;
}

function write(expression: Expression, around: Surroundings): Code {
  const known = constantOf(expression);
  if (known !== undefined) return constant(known, around);
  // The table has a writer of exactly this kind; TypeScript cannot correlate the two.
  const writer = writers[expression.kind] as (one: Expression, around: Surroundings) => Code;
  return writer(expression, around);
}

function text(expression: Expression, around: Surroundings): string {
  return write(expression, around).text;
}

function list(expressions: readonly Expression[], around: Surroundings): string {
  return expressions.map((one) => text(one, around)).join(',');
}

function bool(code: string): Code {
  return { text: code, known: 'bool' };
}

function constant(known: Constant, around: Surroundings): Code {
  if (known.kind === 'error') return { text: `r.fail(${JSON.stringify(known.code)})` };
  if (typeof known.value === 'boolean') return bool(String(known.value));
  return { text: keep(known.value, around) };
}

function keep(value: unknown, around: Surroundings): string {
  return `k[${around.constants.push(value) - 1}]`;
}

function temporary(around: Surroundings): string {
  const name = `t${around.temporaries}`;
  around.temporaries += 1;
  return name;
}

function equality(one: Of<'binary'>, around: Surroundings): Code {
  const left = text(one.left, around);
  const known = constantOf(one.right);
  const right = text(one.right, around);
  const not = one.operator === '!=' ? '!' : '';
  // Canonical primitives are equal when they are the same; of a literal the type is known.
  if (known?.kind === 'value' && typeof known.value !== 'object') {
    return bool(`(${left}${not === '' ? '===' : '!=='}${right})`);
  }
  return bool(`${not}r.valuesEqual(${left},${right})`);
}

function choice(one: Of<'if'>, around: Surroundings): Code {
  const condition = writeBool(one.condition, around);
  const then = write(one.then, around);
  const otherwise = write(one.otherwise, around);
  const code = `(${condition}?${then.text}:${otherwise.text})`;
  return then.known !== undefined && then.known === otherwise.known
    ? { text: code, known: then.known }
    : { text: code };
}

/** A record to read from: `reader` where it may also be an entity, or something wrong. */
function recordText(expression: Expression, reader: string, around: Surroundings): string {
  const code = write(expression, around);
  return code.known === 'record' ? code.text : `${reader}(q,${code.text})`;
}

function memberOf(record: string, name: string): string {
  const quoted = JSON.stringify(name);
  return inherited.has(name) ? `r.ownMember(${record},${quoted})` : `${record}[${quoted}]`;
}

/** `x has a.b.c` is `x has a && x.a has b && x.a.b has c` (Cedar RFC 62). */
function has(of: Expression, path: readonly string[], around: Surroundings): Code {
  let record = recordText(of, 'r.membersOf', around);
  const steps: string[] = [];
  for (const [index, name] of path.entries()) {
    const member = memberOf(record, name);
    if (index === path.length - 1) {
      steps.push(`${member}!==undefined`);
      break;
    }
    const kept = temporary(around);
    steps.push(`(${kept}=${member})!==undefined`);
    record = `r.membersOf(q,${kept})`;
  }
  return bool(`(${steps.join('&&')})`);
}

function isOfType({ of, entityType, in: above }: Of<'is'>, around: Surroundings): Code {
  const type = keep(entityType, around);
  const entity = text(of, around);
  if (above === undefined) return bool(`r.isOfType(${entity},${type})`);
  const kept = temporary(around);
  const isIn = `r.isIn(q,${kept},${text(above, around)})`;
  return bool(`(r.isOfType((${kept}=${entity}),${type})&&${isIn})`);
}
