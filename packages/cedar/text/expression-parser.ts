import type { BinaryOperator, Expression, Variable } from '../policy/expression.ts';
import { EntityUid } from '../values/value.ts';
import { extensionFunctions } from '../values/extension-functions.ts';
import { parseNegativeNumber, parseNumber, parsePattern, parseString } from './literals.ts';
import { checkName, parseEntityType, parseName, parsePath, parseQualifiedName } from './names.ts';
import type { TokenReader } from './token-reader.ts';

/** How deep brackets may stand in one another; so deep goes the recursion of this parser. */
const MAX_NESTING = 250;
/** How high an expression may be as a tree: whoever walks it does so by recursion. */
const MAX_HEIGHT = 250;
const MAX_SIGNS = 4;

const RELATIONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
const VARIABLES: ReadonlySet<string> = new Set(['principal', 'action', 'resource', 'context']);
/** Methods of the language itself, and how many arguments they take. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ['contains', 1],
  ['containsAll', 1],
  ['containsAny', 1],
  ['isEmpty', 0],
  ['getTag', 1],
  ['hasTag', 1],
]);

/** Parses expressions by recursive descent; one function for each rule of Cedar's grammar. */
export class ExpressionParser {
  private readonly reader: TokenReader;
  private nesting = 0;
  /** The height of the expression that was parsed last. */
  private height = 0;

  constructor(reader: TokenReader) {
    this.reader = reader;
  }

  /** Expr := Or | 'if' Expr 'then' Expr 'else' Expr */
  parse(): Expression {
    this.nesting += 1;
    if (this.nesting > MAX_NESTING) this.tooDeep();
    const expression = this.reader.isWord('if') ? this.parseIf() : this.parseOr();
    this.nesting -= 1;
    return expression;
  }

  private parseIf(): Expression {
    this.reader.next();
    const condition = this.parse();
    let { height } = this;
    this.expectWord('then');
    const then = this.parse();
    height = Math.max(height, this.height);
    this.expectWord('else');
    const otherwise = this.parse();
    this.raise(height);
    // oxlint-disable-next-line unicorn/no-thenable -- a node of a syntax tree is never awaited.
    return { kind: 'if', condition, then, otherwise };
  }

  private expectWord(word: string): void {
    if (!this.reader.isWord(word)) this.reader.unexpected(`“${word}”`);
    this.reader.next();
  }

  /** Or := And {'||' And} */
  private parseOr(): Expression {
    let left = this.parseAnd();
    while (this.reader.kind === '||') {
      const { height } = this;
      this.reader.next();
      const right = this.parseAnd();
      this.raise(height);
      left = { kind: 'or', left, right };
    }
    return left;
  }

  /** And := Relation {'&&' Relation} */
  private parseAnd(): Expression {
    let left = this.parseRelation();
    while (this.reader.kind === '&&') {
      const { height } = this;
      this.reader.next();
      const right = this.parseRelation();
      this.raise(height);
      left = { kind: 'and', left, right };
    }
    return left;
  }

  /** Relation := Add [RelOp Add | 'has' Path | 'like' Pattern | 'is' Name ['in' Add]] */
  private parseRelation(): Expression {
    const { reader } = this;
    const left = this.parseAdd();
    const operator = this.relation();
    if (operator === undefined) return left;
    if (operator === '=') reader.fail('unsupported-operator', 'equality is written “==” in Cedar');
    reader.next();
    const expression = this.parseRightSide(left, operator);
    if (this.relation() !== undefined) {
      reader.fail('chained-relation', 'relations stand beside each other only in parentheses');
    }
    return expression;
  }

  /** The relational operator that the token is. */
  private relation(): string | undefined {
    const { kind, value } = this.reader;
    if (RELATIONS.has(kind) || kind === '=') return kind;
    if (kind !== 'identifier') return undefined;
    return value === 'in' || value === 'has' || value === 'is' || value === 'like'
      ? value
      : undefined;
  }

  private parseRightSide(left: Expression, operator: string): Expression {
    const { height } = this;
    let expression: Expression;
    if (operator === 'has') {
      const path = parsePath(this.reader);
      // A path stands for so many relations and accesses, one in the other.
      this.height = path.length - 1;
      expression = { kind: 'has', of: left, path };
    } else if (operator === 'like') {
      expression = { kind: 'like', of: left, pattern: parsePattern(this.reader) };
      this.height = 0;
    } else if (operator === 'is') {
      expression = this.parseIs(left);
    } else {
      const right = this.parseAdd();
      // One of RELATIONS, or `in`.
      expression = { kind: 'binary', operator: operator as BinaryOperator, left, right };
    }
    this.raise(height);
    return expression;
  }

  private parseIs(left: Expression): Expression {
    const { reader } = this;
    const entityType = parseEntityType(reader);
    this.height = 0;
    if (!reader.isWord('in')) return { kind: 'is', of: left, entityType };
    reader.next();
    return { kind: 'is', of: left, entityType, in: this.parseAdd() };
  }

  /** Add := Mult {('+' | '-') Mult} */
  private parseAdd(): Expression {
    let left = this.parseMultiply();
    for (;;) {
      const operator = this.reader.kind;
      if (operator !== '+' && operator !== '-') return left;
      const { height } = this;
      this.reader.next();
      const right = this.parseMultiply();
      this.raise(height);
      left = { kind: 'binary', operator, left, right };
    }
  }

  /** Mult := Unary {'*' Unary} */
  private parseMultiply(): Expression {
    let left = this.parseUnary();
    for (;;) {
      const operator = this.reader.kind;
      if (operator === '/' || operator === '%') {
        this.reader.fail('unsupported-operator', `Cedar has no “${operator}”`);
      }
      if (operator !== '*') return left;
      const { height } = this;
      this.reader.next();
      const right = this.parseUnary();
      this.raise(height);
      left = { kind: 'binary', operator, left, right };
    }
  }

  /** Unary := ['!' {'!'} | '-' {'-'}] Member, at most four of either. */
  private parseUnary(): Expression {
    const { reader } = this;
    const sign = reader.kind;
    if (sign !== '!' && sign !== '-') return this.parseMember(undefined);
    const { start } = reader;
    let count = 0;
    while (reader.skip(sign)) count += 1;
    if (count > MAX_SIGNS) {
      reader.fail('too-many-signs', `at most four “${sign}” may stand in a row`, start);
    }
    let operand: Expression;
    if (sign === '-' && reader.kind === 'number') {
      const { value, isNegative } = parseNegativeNumber(reader, start);
      operand = this.parseMember({ kind: 'literal', value });
      if (isNegative) count -= 1;
    } else {
      operand = this.parseMember(undefined);
    }
    for (; count > 0; count -= 1) {
      this.raise(0);
      operand = { kind: sign === '!' ? 'not' : 'negate', operand };
    }
    return operand;
  }

  /** Member := Primary {'.' IDENT ['(' [Exprs] ')'] | '[' STR ']'} */
  private parseMember(first: Expression | undefined): Expression {
    const { reader } = this;
    this.height = 0;
    let expression = first ?? this.parsePrimary();
    for (;;) {
      if (reader.skip('.')) {
        const { start } = reader;
        const name = parseName(reader, 'the name of an attribute or method');
        if (reader.kind === '(') {
          expression = this.parseMethod(expression, name, start);
        } else {
          this.raise(0);
          expression = { kind: 'attribute', of: expression, name };
        }
      } else if (reader.skip('[')) {
        if (reader.kind !== 'string') {
          reader.fail('bad-attribute', 'an attribute in brackets is a string in quotes');
        }
        const name = parseString(reader, 'an attribute in quotes');
        reader.expect(']');
        this.raise(0);
        expression = { kind: 'attribute', of: expression, name };
      } else if (reader.kind === '(') {
        reader.fail('unknown-function', 'only a function or method can be called');
      } else {
        return expression;
      }
    }
  }

  private parseMethod(of: Expression, name: string, offset: number): Expression {
    const { height } = this;
    const args = this.parseArguments();
    this.raise(height);
    const arity = METHODS.get(name);
    if (arity === undefined) {
      if (extensionFunctions.get(name)?.style !== 'method') {
        this.reader.fail('unknown-function', `there is no method “${name}”`, offset);
      }
      return { kind: 'call', name, arguments: [of, ...args] };
    }
    if (args.length !== arity) {
      const wanted = arity === 0 ? 'no argument' : 'exactly one argument';
      this.reader.fail('wrong-arguments', `“${name}” takes ${wanted}`, offset);
    }
    const [right] = args;
    if (right === undefined) return { kind: 'is-empty', operand: of };
    // One of METHODS with an argument, each of which is an operator.
    return { kind: 'binary', operator: name as BinaryOperator, left: of, right };
  }

  private parseArguments(): Expression[] {
    this.reader.expect('(');
    return this.parseList(')');
  }

  /** Expressions up to the closing bracket; a comma may stand after the last one. */
  private parseList(close: string): Expression[] {
    const { reader } = this;
    const list: Expression[] = [];
    let height = 0;
    while (!reader.skip(close)) {
      list.push(this.parse());
      height = Math.max(height, this.height);
      if (!reader.skip(',') && reader.kind !== close) reader.unexpected(`“,” or “${close}”`);
    }
    this.height = height;
    return list;
  }

  private parsePrimary(): Expression {
    const { reader } = this;
    switch (reader.kind) {
      case 'identifier':
        return this.parseWord();
      case 'string':
        return { kind: 'literal', value: parseString(reader, 'a string') };
      case 'number':
        return { kind: 'literal', value: parseNumber(reader) };
      case '(': {
        reader.next();
        const expression = this.parse();
        reader.expect(')');
        return expression;
      }
      case '[': {
        reader.next();
        const elements = this.parseList(']');
        this.raise(0);
        return { kind: 'set', elements };
      }
      case '{':
        return this.parseRecord();
      case 'slot':
        return this.parseSlot();
      default:
        return reader.unexpected('an expression');
    }
  }

  private parseSlot(): never {
    const slot = this.reader.value;
    this.reader.fail('slot-in-condition', `“${slot}” may stand only in the scope of a template`);
  }

  /** A literal, a variable, an entity or a function: what begins with a word. */
  private parseWord(): Expression {
    const { reader } = this;
    const { value: word, start } = reader;
    if (word === 'true' || word === 'false') {
      reader.next();
      if (reader.kind === '::') checkName(reader, word, start);
      return { kind: 'literal', value: word === 'true' };
    }
    if (word === 'if') {
      reader.fail('reserved-name', 'as an operand, “if … then … else” needs parentheses around it');
    }
    const { name, beforeId } = parseQualifiedName(reader, 'an expression');
    if (beforeId) {
      return { kind: 'literal', value: new EntityUid(name, parseString(reader, 'an id')) };
    }
    if (reader.kind === '(') return this.parseFunction(name, start);
    // The set has only these names.
    if (VARIABLES.has(name)) return { kind: 'variable', name: name as Variable };
    const hint = reader.kind === 'end' ? '' : '; a string needs quotes, an entity an id: A::"id"';
    return reader.fail('unknown-variable', `there is no variable “${name}”${hint}`, start);
  }

  private parseFunction(name: string, offset: number): Expression {
    const style = extensionFunctions.get(name)?.style;
    if (style !== 'constructor') {
      const known = style === 'method' || METHODS.has(name);
      const message = known
        ? `“${name}” is a method: a.${name}(…)`
        : `there is no function “${name}”`;
      this.reader.fail('unknown-function', message, offset);
    }
    const args = this.parseArguments();
    this.raise(0);
    return { kind: 'call', name, arguments: args };
  }

  private parseRecord(): Expression {
    const { reader } = this;
    reader.next();
    const members: [string, Expression][] = [];
    const names = new Set<string>();
    let height = 0;
    while (!reader.skip('}')) {
      const { start } = reader;
      const name = this.parseKey();
      if (names.has(name)) reader.fail('duplicate-key', `this record has “${name}” twice`, start);
      names.add(name);
      reader.expect(':');
      members.push([name, this.parse()]);
      height = Math.max(height, this.height);
      if (!reader.skip(',') && reader.kind !== '}') reader.unexpected('“,” or “}”');
    }
    this.height = height;
    this.raise(0);
    return { kind: 'record', members };
  }

  private parseKey(): string {
    const { reader } = this;
    if (reader.kind === 'string') return parseString(reader, 'a key');
    return parseName(reader, 'the key of a record, a name or a string,');
  }

  /** The expression just parsed stands, beside another of that height, under a new one. */
  private raise(other: number): void {
    this.height = Math.max(this.height, other) + 1;
    if (this.height > MAX_HEIGHT) this.tooDeep();
  }

  private tooDeep(): never {
    this.reader.fail('too-deep', 'this expression is nested too deep');
  }
}
