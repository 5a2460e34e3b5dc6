/** What was made of the texts that were seen last: releases and candidates repeat each other's. */
export class RecentTexts<T> {
  readonly #max: number;
  readonly #known = new Map<string, T>();

  /** `max`: of how many texts it is kept. */
  constructor(max: number) {
    this.#max = max;
  }

  find(text: string): T | undefined {
    const known = this.#known.get(text);
    if (known !== undefined) this.keep(text, known);
    return known;
  }

  keep(text: string, made: T): T {
    this.#known.delete(text);
    this.#known.set(text, made);
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#max && oldest !== undefined) this.#known.delete(oldest);
    return made;
  }
}
