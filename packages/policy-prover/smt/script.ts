import { NotEncodable } from '../not-encodable.ts';
import { readCode, readLiteral, readText, type Sexp } from './read-model.ts';
import { bits, type Term } from './term.ts';

/** Longer terms get a name, so that a value that is used twice is not written twice. */
const NAMED_FROM_CHARS = 60;
/** So large a question is nobody's policy set any more. */
const MAX_CHARS = 8 * 1024 * 1024;

/** The sort of texts and ids. */
export const TEXT = 'Text';
const CODE_BITS = 20;

/** A script whose texts are numbers cannot say this. */
export class TextsNeeded extends Error {
  override readonly name = 'TextsNeeded';
}

/** What the solver is told, as SMT-LIB commands, in order; each is handed over once. */
export class Script {
  readonly #lines: string[] = [];
  #names = 0;
  #chars = 0;
  /** The same term has the same name, so that it shows where two questions do not differ. */
  readonly #defined: Map<Term, Term>;
  readonly #codes: Map<string, Term>;
  readonly #looksInside: boolean;

  /**
   * `looksInside`: whether texts are texts to the solver. Where they are only compared, each can be a
   * number: there are more numbers than a question has texts, and numbers are quick.
   */
  constructor({ looksInside }: { readonly looksInside: boolean }, upTo?: Script) {
    this.#looksInside = looksInside;
    this.#defined = new Map(upTo === undefined ? [] : upTo.#defined);
    this.#codes = new Map(upTo === undefined ? [] : upTo.#codes);
    if (upTo !== undefined) {
      [this.#names, this.#chars] = [upTo.#names, upTo.#chars];
      return;
    }
    const sort = looksInside ? 'String' : `(_ BitVec ${CODE_BITS})`;
    this.#write(`(define-sort ${TEXT} () ${sort})`);
  }

  /** One that goes on from here, and leaves nothing in this one: what was written was handed over. */
  branch(): Script {
    return new Script({ looksInside: this.#looksInside }, this);
  }

  /** Throws {@link TextsNeeded} where texts are numbers. */
  lookInside(): void {
    if (!this.#looksInside) throw new TextsNeeded('a pattern looks into a text');
  }

  /** Terms as the solver takes them. */
  render(terms: string): string {
    if (this.#looksInside) return terms;
    return terms.replaceAll(/"(?:[^"]|"")*"/g, (literal) => {
      const known = this.#codes.get(literal) ?? bits(this.#codes.size, CODE_BITS);
      this.#codes.set(literal, known);
      return known;
    });
  }

  /** The text that a value of the solver stands for; one that nobody named gets a name. */
  readText(value: Sexp): string {
    if (this.#looksInside) return readText(value);
    const code = readCode(value);
    const [literal] = [...this.#codes].find(([, known]) => known === code) ?? [];
    return literal === undefined ? `text-${BigInt(`0${code.slice(1)}`)}` : readLiteral(literal);
  }

  /** A constant of any value. */
  declare(sort: string): Term {
    const name = this.#name('x');
    this.#write(`(declare-const ${name} ${sort})`);
    return name;
  }

  /** The same term under a short name. */
  define(term: Term, sort: string): Term {
    if (term.length < NAMED_FROM_CHARS) return term;
    const known = this.#defined.get(term);
    if (known !== undefined) return known;
    const name = this.#name('d');
    this.#defined.set(term, name);
    this.#write(`(define-fun ${name} () ${sort} ${term})`);
    return name;
  }

  assert(term: Term): void {
    if (term !== 'true') this.#write(`(assert ${term})`);
  }

  /** What was written since the last time. */
  take(): string {
    return this.render(this.#lines.splice(0).join('\n'));
  }

  #name(prefix: string): Term {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }

  #write(line: string): void {
    this.#chars += line.length;
    if (this.#chars > MAX_CHARS) throw new NotEncodable('a set of policies as large as this');
    this.#lines.push(line);
  }
}
