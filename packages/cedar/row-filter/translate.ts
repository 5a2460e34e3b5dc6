import type { Frame } from '../authorize/frame.ts';
import type { Residual, Unknown } from '../partial/residual.ts';
import type { BinaryOperator } from '../policy/expression.ts';
import type { ColumnTree, Reference } from './column-tree.ts';
import { compareEqual, compareOrder } from './compare.ts';
import { isBelow } from './hierarchy.ts';
import { likePattern } from './like-pattern.ts';
import { contains, containsAll, containsAny, isEmpty } from './membership.ts';
import { notExpressible, type Operand } from './operand.ts';
import { allOf, FALSE } from './predicate.ts';
import { and, choose, not, or, settled, type Truth } from './truth.ts';

/** What a translation needs to know. */
export interface Surroundings {
  readonly columns: ColumnTree;
  readonly frame: Frame;
}

type Of<K extends Residual['kind']> = Residual & { readonly kind: K };
type Translators = {
  readonly [K in Residual['kind']]: (one: Of<K>, around: Surroundings) => Truth;
};

/** When a residual that must be Boolean is true, is false and errs. */
export function truthOf(residual: Residual, around: Surroundings): Truth {
  // The table has a translator of exactly this kind; TypeScript cannot correlate the two.
  const translate = translators[residual.kind] as (one: Residual, around: Surroundings) => Truth;
  return translate(residual, around);
}

const translators: Translators = {
  value: ({ value }) => {
    if (typeof value !== 'boolean') return settled.error;
    return value ? settled.true : settled.false;
  },
  error: () => settled.error,
  unknown: (one, around) => truthOfColumn(one, around),
  not: ({ operand }, around) => not(truthOf(operand, around)),
  and: ({ left, right }, around) => and(truthOf(left, around), truthOf(right, around)),
  or: ({ left, right }, around) => or(truthOf(left, around), truthOf(right, around)),
  if: ({ condition, yes, no }, around) =>
    choose(truthOf(condition, around), truthOf(yes, around), truthOf(no, around)),
  binary: (one, around) => truthOfBinary(one, around),
  has: (one, around) => truthOfHas(one, around),
  like: (one, around) => truthOfLike(one, around),
  is: (one, around) => truthOfIs(one, around),
  'is-empty': ({ operand }, around) => isEmpty(operandOf(operand, around)),
  call: (one, around) => truthOfCall(one, around),
  other: ({ what }) => {
    throw notExpressible(what);
  },
};

const booleans: ReadonlySet<Residual['kind']> = new Set([
  'not',
  'and',
  'or',
  'has',
  'like',
  'is',
  'is-empty',
  'binary',
  'call',
]);

/** A residual that stands where a value of any type may; `undefined`: it errs for every row. */
function operandOf(residual: Residual, around: Surroundings): Operand | undefined {
  if (residual.kind === 'value') {
    const { value } = residual;
    return typeof value === 'boolean'
      ? { kind: 'truth', truth: value ? settled.true : settled.false }
      : { kind: 'value', value };
  }
  if (residual.kind === 'error') return undefined;
  if (residual.kind === 'unknown') {
    const found = around.columns.find(residual);
    if (found.kind === 'record') {
      return { kind: 'record', present: found.reached, missing: found.unreached };
    }
    if (found.kind === 'absent') return undefined;
    return found.reference.column.type === 'boolean'
      ? { kind: 'truth', truth: truthOfFlag(found.reference) }
      : { kind: 'column', reference: found.reference };
  }
  if (booleans.has(residual.kind)) return { kind: 'truth', truth: truthOf(residual, around) };
  throw notExpressible(residual.kind === 'other' ? residual.what : `“${residual.kind}” there`);
}

function truthOfColumn(unknown: Unknown, { columns }: Surroundings): Truth {
  const found = columns.find(unknown);
  return found.kind === 'column' && found.reference.column.type === 'boolean'
    ? truthOfFlag(found.reference)
    : settled.error;
}

function truthOfFlag({ column, reached, missing }: Reference): Truth {
  return {
    holds: allOf(reached, { kind: 'flag', column, is: true }),
    fails: allOf(reached, { kind: 'flag', column, is: false }),
    errs: missing,
  };
}

function truthOfBinary(residual: Of<'binary'>, around: Surroundings): Truth {
  const { operator, left, right } = residual;
  const [first, second] = [operandOf(left, around), operandOf(right, around)];
  if (first === undefined || second === undefined) return settled.error;
  return operators[operator](first, second, around);
}

type Operator = (left: Operand, right: Operand, around: Surroundings) => Truth;

const operators: Readonly<Record<BinaryOperator, Operator>> = {
  '==': compareEqual,
  '!=': (left, right) => not(compareEqual(left, right)),
  '<': (left, right) => compareOrder({ operator: '<' }, left, right),
  '<=': (left, right) => compareOrder({ operator: '<=' }, left, right),
  '>': (left, right) => compareOrder({ operator: '>' }, left, right),
  '>=': (left, right) => compareOrder({ operator: '>=' }, left, right),
  '+': refuse('arithmetic'),
  '-': refuse('arithmetic'),
  '*': refuse('arithmetic'),
  in: (left, right, { frame }) => isBelow(left, right, frame),
  contains,
  containsAll,
  containsAny,
  getTag: refuse('tags'),
  hasTag: refuse('tags'),
};

function refuse(what: string): () => never {
  return () => {
    throw notExpressible(what);
  };
}

function truthOfHas({ of, name }: Of<'has'>, { columns }: Surroundings): Truth {
  if (of.kind !== 'unknown') throw notExpressible('“has” of something computed');
  if (of.path.length > 0) {
    const parent = columns.find(of);
    // Only records and entities have attributes; of anything else, asking errs.
    if (parent.kind === 'absent' || (parent.kind === 'column' && !isEntity(parent.reference))) {
      return settled.error;
    }
  }
  const found = columns.find({ root: of.root, path: [...of.path, name] });
  const { reached, unreached: errs } = found;
  if (found.kind === 'record') return { holds: reached, fails: FALSE, errs };
  if (found.kind === 'absent') return { holds: FALSE, fails: reached, errs };
  const { column, present } = found.reference;
  const fails = column.nullable ? allOf(reached, { kind: 'null', column }) : FALSE;
  return { holds: present, fails, errs };
}

function isEntity({ column }: Reference): boolean {
  return typeof column.type === 'object' && 'entity' in column.type;
}

function truthOfLike({ of, pattern }: Of<'like'>, around: Surroundings): Truth {
  const operand = operandOf(of, around);
  if (operand?.kind !== 'column' || operand.reference.column.type !== 'string') {
    return settled.error;
  }
  const { column, reached, present, missing } = operand.reference;
  const like = likePattern(pattern);
  if (like === undefined) return { holds: FALSE, fails: present, errs: missing };
  return {
    holds: allOf(reached, { kind: 'like', column, pattern: like }),
    fails: allOf(reached, { kind: 'not-like', column, pattern: like }),
    errs: missing,
  };
}

function truthOfIs({ of, entityType }: Of<'is'>, around: Surroundings): Truth {
  const operand = operandOf(of, around);
  if (operand?.kind !== 'column' || !isEntity(operand.reference)) return settled.error;
  const { column, present, missing } = operand.reference;
  const { type } = column;
  const is = typeof type === 'object' && 'entity' in type && type.entity === entityType;
  return { holds: is ? present : FALSE, fails: is ? FALSE : present, errs: missing };
}

const decimalOrder = {
  lessThan: '<',
  lessThanOrEqual: '<=',
  greaterThan: '>',
  greaterThanOrEqual: '>=',
} as const;

function truthOfCall({ name, operands }: Of<'call'>, around: Surroundings): Truth {
  const [left, right] = operands;
  // A name of the language, not of a policy: no other object of that name can be meant.
  const operator = Object.hasOwn(decimalOrder, name)
    ? decimalOrder[name as keyof typeof decimalOrder]
    : undefined;
  if (operator === undefined || left === undefined || right === undefined) {
    throw notExpressible(`“${name}”`);
  }
  const [first, second] = [operandOf(left, around), operandOf(right, around)];
  if (first === undefined || second === undefined) return settled.error;
  return compareOrder({ operator, types: ['decimal'] }, first, second);
}
