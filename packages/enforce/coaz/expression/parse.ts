import { MappingError } from '../mapping-error.ts';
import {
  binarySigns,
  functions,
  type BinarySign,
  type Expression,
  type FunctionName,
} from './syntax.ts';
import { tokenize, type Token } from './tokenize.ts';

/** Bounds of one expression. */
const expressionLimits = { textMaxChars: 1_000, depthMax: 24 } as const;

const constants: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Reads an expression, without its `$`. @throws MappingError */
export function parseExpression(source: string): Expression {
  if (source.length > expressionLimits.textMaxChars) {
    throw new MappingError('an expression is too long');
  }
  return new Parser(source).whole();
}

class Parser {
  readonly #source: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens = tokenize(source);
  }

  whole(): Expression {
    const expression = this.#expression();
    if (this.#next.kind !== 'end') throw this.#unread();
    return expression;
  }

  get #next(): Token {
    // The end stands last and is never taken.
    return this.#tokens[this.#at]!;
  }

  #take(...values: readonly string[]): string | undefined {
    const { kind, value } = this.#next;
    const isWanted = (kind === 'sign' || value === 'in') && values.includes(value);
    if (kind === 'text' || !isWanted) return undefined;
    this.#at += 1;
    return value;
  }

  #need(value: string): void {
    if (this.#take(value) === undefined) throw this.#unread();
  }

  #unread(): MappingError {
    return new MappingError(`expression '${this.#source}' is not one that is read here`);
  }

  /** Every level of brackets comes through here. */
  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > expressionLimits.depthMax) throw this.#unread();
    const test = this.#binary(0);
    const isCondition = this.#take('?') !== undefined;
    let whole = test;
    if (isCondition) {
      const ifTrue = this.#binary(0);
      this.#need(':');
      whole = { kind: 'condition', test, ifTrue, ifFalse: this.#expression() };
    }
    this.#depth -= 1;
    return whole;
  }

  #binary(level: number): Expression {
    const signs = binarySigns[level];
    if (signs === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      // Only a sign of this level is taken.
      const sign = this.#take(...signs) as BinarySign | undefined;
      if (sign === undefined) return left;
      left = { kind: 'binary', sign, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    let negations = 0;
    while (this.#take('!')) negations += 1;
    const minus = negations === 0 && this.#take('-') !== undefined;
    if (minus) return this.#number(-1);
    const operand = this.#member();
    if (negations === 0) return operand;
    const not: Expression = { kind: 'not', of: operand };
    return negations % 2 === 1 ? not : { kind: 'not', of: not };
  }

  #number(factor: 1 | -1): Expression {
    const { kind, value } = this.#next;
    const number = factor * Number(value);
    const isExact =
      Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number));
    if (kind !== 'number' || !isExact) throw this.#unread();
    this.#at += 1;
    return { kind: 'constant', value: number };
  }

  #member(): Expression {
    let of = this.#primary();
    for (;;) {
      if (this.#take('.')) {
        const isOptional = this.#take('?') !== undefined;
        const name = this.#name();
        const isCall = !isOptional && this.#take('(') !== undefined;
        of = isCall ? this.#call(name, of) : { kind: 'member', of, key: textOf(name), isOptional };
      } else if (this.#take('[')) {
        const isOptional = this.#take('?') !== undefined;
        of = { kind: 'member', of, key: this.#expression(), isOptional };
        this.#need(']');
      } else return of;
    }
  }

  #primary(): Expression {
    const { kind, value } = this.#next;
    if (kind === 'number') return this.#number(1);
    if (kind === 'text') {
      this.#at += 1;
      return textOf(value);
    }
    if (this.#take('(')) {
      const inner = this.#expression();
      this.#need(')');
      return inner;
    }
    if (this.#take('[')) return { kind: 'list', items: this.#until(']') };
    const name = this.#name();
    const constant = constants.get(name);
    if (constant !== undefined) return { kind: 'constant', value: constant };
    return this.#take('(') ? this.#call(name, undefined) : { kind: 'variable', name };
  }

  #name(): string {
    const { kind, value } = this.#next;
    if (kind !== 'name' || value === 'in') throw this.#unread();
    this.#at += 1;
    return value;
  }

  #until(end: ')' | ']'): Expression[] {
    const items: Expression[] = [];
    while (!this.#take(end)) {
      if (items.length > 0) this.#need(',');
      items.push(this.#expression());
    }
    return items;
  }

  #call(name: string, on: Expression | undefined): Expression {
    const args = this.#until(')');
    // Own members only: `constructor` is a name that somebody may call.
    if (!Object.hasOwn(functions, name)) throw this.#unread();
    const known = name as FunctionName; // as was asked
    const wanted = functions[known];
    const isCalledRightly =
      known === 'size'
        ? args.length === (on ? 0 : 1)
        : args.length === wanted.args && (on !== undefined) === (wanted.on === 'yes');
    const [first] = args;
    const isMacro = known === 'exists' || known === 'all';
    const isFormed =
      (!isMacro || first?.kind === 'variable') && (known !== 'has' || first?.kind === 'member');
    if (!isCalledRightly || !isFormed) throw this.#unread();
    return { kind: 'call', name: known, on, args };
  }
}

function textOf(value: string): Expression {
  return { kind: 'constant', value };
}
