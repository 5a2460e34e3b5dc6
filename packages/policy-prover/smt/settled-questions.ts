import { sha256Base64url } from '@proofline/kernel/node';

/** Whatever else may answer the same text in another way stands here: `smt/solver.ts` says which it is. */
const SOLVER = 'z3-solver 5.2.0';
/** A proof of the product's policies asks some hundreds. */
const KEPT_MAX = 20_000;

/**
 * Questions that the solver found impossible before, by the digest of everything that it had been told.
 *
 * Why a proof may rest on them: whether a list of assertions can be true at once depends on their text
 * and on nothing else, neither on the policies that they were made of nor on when. That text is written
 * anew for every proof, from the schema, the invariant and every policy whose scope fits; so a changed
 * policy that matters to a question is another text, and is asked. Only `impossible` is kept: what is
 * possible must be shown as a request, and whether a time limit is enough is no fact.
 */
export class SettledQuestions {
  readonly #digests: Set<string>;

  /** `digests`: of an earlier {@link all}. Whoever gives them vouches for what they say. */
  constructor(digests: Iterable<string> = []) {
    this.#digests = new Set(digests);
  }

  has(digest: string): boolean {
    if (!this.#digests.delete(digest)) return false;
    // What was asked for last is kept the longest.
    this.#digests.add(digest);
    return true;
  }

  add(digest: string): void {
    this.#digests.add(digest);
    const [oldest] = this.#digests;
    if (this.#digests.size > KEPT_MAX && oldest !== undefined) this.#digests.delete(oldest);
  }

  /** All that are known, for another thread to begin with. */
  all(): string[] {
    return [...this.#digests];
  }
}

/** Names what the solver was told: this, after what `before` names. */
export function digestOf(before: string, script: string): string {
  // A digest is of one length: no two ways of cutting a script come to one text.
  return sha256Base64url(`${before}\n${script}`);
}

/** Names what a solver knows that was told nothing. */
export const UNTOLD = digestOf('', SOLVER);
