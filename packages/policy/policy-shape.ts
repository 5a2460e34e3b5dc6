import { EntityUid, type Expression, type Policy, type Schema } from '@proofline/cedar';
import { classesOfActions, keyOf } from './action-classes.ts';

/**
 * A text that two policies share only if Cedar's validator says the same of both, for one schema:
 * whether there is a finding. So one policy of each shape needs to be validated.
 *
 * Why that is so. The validator looks at each policy alone, and at types: at the value of a literal
 * only where
 * 1. two literals are compared with `==` (`false` where they differ), or stand in expressions that
 *    are compared with each other, as what `has` and `hasTag` have shown is kept by expression;
 * 2. a text is the argument of a function of an extension, which must be able to read it;
 * 3. an entity is an action, or of an enumerated type, and must be declared;
 * 4. a text or an id has characters that people can confuse; printable ASCII never does.
 *
 * So the shape keeps everything, but writes numbers, texts of printable ASCII and ids of it as
 * “the n-th different one in this policy”. Then a renaming that gives different ones different names
 * turns one policy into the other, and leaves the schema as it is: for actions too, as long as they
 * are declared alike and no other is in them. Under that the validator, which goes by equality of
 * names, finds the same; texts as arguments of functions stay as they are. The elements of a set that
 * are all texts count as one: the validator takes of a set the type of its elements, and whether there
 * is one.
 */
export class PolicyShapes {
  /** Actions that stand for each other: uid → what they have in common. */
  readonly #actions: ReadonlyMap<string, string>;
  readonly #schema: Schema;

  constructor(schema: Schema) {
    this.#schema = schema;
    this.#actions = classesOfActions(schema);
  }

  /** The shape of a policy under this schema. */
  of(policy: Policy): string {
    return new ShapeWriter((uid) => this.#classOf(uid)).policy(policy);
  }

  /** What entities have in common that may be renamed to each other; `undefined` where none may. */
  #classOf(uid: EntityUid): string | undefined {
    const { type, id } = uid;
    if (!isPlain(id)) return undefined;
    if (isAction(type)) return this.#actions.get(keyOf(uid));
    return this.#schema.entityTypes.get(type)?.ids === undefined ? type : undefined;
  }
}

function isAction(type: string): boolean {
  return type === 'Action' || type.endsWith('::Action');
}

/** Printable ASCII, of which the validator warns nobody. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

type Of<K extends Expression['kind']> = Expression & { readonly kind: K };
type Writers = { readonly [K in Expression['kind']]: (one: Of<K>, w: ShapeWriter) => string };

/** Writes one policy: what was renamed to what is its own. */
class ShapeWriter {
  readonly #classOf: (uid: EntityUid) => string | undefined;
  readonly #names = new Map<string, number>();

  constructor(classOf: (uid: EntityUid) => string | undefined) {
    this.#classOf = classOf;
  }

  policy({ effect, principal, action, resource, conditions }: Policy): string {
    const actions =
      action.kind === 'any' ? [] : action.kind === 'in' ? action.targets : [action.target];
    const clauses = conditions.map(({ kind, body }) => `${kind}{${this.#write(body)}}`);
    return (
      `${effect}(${this.#scope(principal)},${action.kind}${this.#list(actions.map((uid) => this.#uid(uid)))},` +
      `${this.#scope(resource)})${clauses.join('')}`
    );
  }

  #scope(scope: Policy['principal']): string {
    switch (scope.kind) {
      case 'any':
        return 'any';
      case 'is': {
        const above = scope.in === undefined ? '' : ` in ${this.#target(scope.in)}`;
        return `is ${scope.entityType}${above}`;
      }
      case 'equals':
      case 'in':
        return `${scope.kind} ${this.#target(scope.target)}`;
    }
  }

  #target(target: Extract<Policy['principal'], { readonly kind: 'in' }>['target']): string {
    return target instanceof EntityUid ? this.#uid(target) : target;
  }

  #uid(uid: EntityUid): string {
    const same = this.#classOf(uid);
    return same === undefined ? keyOf(uid) : `${same}#${this.#number(keyOf(uid))}`;
  }

  /** Which of the different things of this policy it is. */
  #number(key: string): number {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    this.#names.set(key, this.#names.size);
    return this.#names.size - 1;
  }

  #list(parts: readonly string[]): string {
    return `[${parts.join(',')}]`;
  }

  #all(expressions: readonly Expression[]): string {
    return this.#list(expressions.map((one) => this.#write(one)));
  }

  #write(one: Expression): string {
    // The table has a writer of exactly this kind; TypeScript cannot correlate the two.
    const write = ShapeWriter.#writers[one.kind] as (one: Expression, w: ShapeWriter) => string;
    return write(one, this);
  }

  static readonly #writers: Writers = {
    literal: ({ value }, w) => w.#literal(value),
    variable: ({ name }) => name,
    slot: ({ name }) => name,
    not: ({ operand }, w) => `not${w.#all([operand])}`,
    negate: ({ operand }, w) => `negate${w.#all([operand])}`,
    'is-empty': ({ operand }, w) => `isEmpty${w.#all([operand])}`,
    and: ({ left, right }, w) => `and${w.#all([left, right])}`,
    or: ({ left, right }, w) => `or${w.#all([left, right])}`,
    binary: ({ operator, left, right }, w) => `${operator}${w.#all([left, right])}`,
    if: ({ condition, then, otherwise }, w) => `if${w.#all([condition, then, otherwise])}`,
    attribute: ({ of, name }, w) => `${w.#write(of)}.${JSON.stringify(name)}`,
    has: ({ of, path }, w) => `has${w.#all([of])}${JSON.stringify(path)}`,
    like: ({ of, pattern }, w) => `like${w.#all([of])}${JSON.stringify(pattern)}`,
    is: ({ of, entityType, in: above }, w) =>
      `is ${entityType}${w.#all(above === undefined ? [of] : [of, above])}`,
    set: (one, w) => w.#set(one),
    record: ({ members }, w) => {
      const written = members.map(([name, one]) => `${JSON.stringify(name)}:${w.#write(one)}`);
      return `{${written.join(',')}}`;
    },
    call: ({ name, arguments: given }, w) =>
      `${name}${w.#list(given.map((one) => w.#argument(one)))}`,
  };

  #literal(value: Of<'literal'>['value']): string {
    if (typeof value === 'boolean') return String(value);
    if (value instanceof EntityUid) return this.#uid(value);
    if (typeof value !== 'string') return `long#${this.#number(`long ${value}`)}`;
    const key = JSON.stringify(value);
    return isPlain(value) ? `text#${this.#number(key)}` : key;
  }

  #set({ elements }: Of<'set'>): string {
    const texts = elements.map((one) => (one.kind === 'literal' ? one.value : undefined));
    const arePlain = texts.every((text) => typeof text === 'string' && isPlain(text));
    if (elements.length === 0 || !arePlain) return this.#all(elements);
    return `texts#${this.#number(JSON.stringify(texts))}`;
  }

  #argument(one: Expression): string {
    return one.kind === 'literal' && typeof one.value === 'string'
      ? JSON.stringify(one.value)
      : this.#write(one);
  }
}
