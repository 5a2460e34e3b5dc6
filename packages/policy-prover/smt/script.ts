import { NotEncodable } from '../not-encodable.ts';
import type { Term } from './term.ts';

/** Longer terms get a name, so that a value that is used twice is not written twice. */
const NAMED_FROM_CHARS = 60;
/** So large a question is nobody's policy set any more. */
const MAX_CHARS = 8 * 1024 * 1024;

/** What the solver is told, as SMT-LIB commands, in order; each is handed over once. */
export class Script {
  readonly #lines: string[] = [];
  #names = 0;
  #chars = 0;

  /** A constant of any value. */
  declare(sort: string): Term {
    const name = this.#name('x');
    this.#write(`(declare-const ${name} ${sort})`);
    return name;
  }

  /** The same term under a short name. */
  define(term: Term, sort: string): Term {
    if (term.length < NAMED_FROM_CHARS) return term;
    const name = this.#name('d');
    this.#write(`(define-fun ${name} () ${sort} ${term})`);
    return name;
  }

  assert(term: Term): void {
    if (term !== 'true') this.#write(`(assert ${term})`);
  }

  /** What was written since the last time. */
  take(): string {
    return this.#lines.splice(0).join('\n');
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
