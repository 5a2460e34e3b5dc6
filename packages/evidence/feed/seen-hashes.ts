import type { Hash } from '../tree/hash.ts';

const HASH_BYTES = 32;
/** Hashes that stand together: few enough that indexes far apart, as only a forged feed has, stay cheap. */
const BLOCK = 64;

const states = ['missing', 'passed-over', 'erased', 'entry'] as const;

/** How an index came: in full, as its hash alone, or not at all. */
type SeenState = (typeof states)[number];

/** Which hash came for which index: 33 bytes for each, in whatever order they come. */
export class SeenHashes {
  readonly #blocks = new Map<number, { readonly bytes: Uint8Array; readonly states: Uint8Array }>();
  #lowest = Number.MAX_SAFE_INTEGER;
  #highest = -1;

  /** The lowest index that came; above every index when none did. */
  get lowest(): number {
    return this.#lowest;
  }

  /** The highest index that came; -1 when none did. */
  get highest(): number {
    return this.#highest;
  }

  hashOf(index: number): Hash | undefined {
    const block = this.#blocks.get(Math.floor(index / BLOCK));
    const at = index % BLOCK;
    if (!block || block.states[at] === 0) return undefined;
    return block.bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
  }

  /** What came, by rising index. It costs what came, and not what lies between. */
  *inOrder(): Generator<{
    readonly index: number;
    readonly state: Exclude<SeenState, 'missing'>;
    readonly hash: Hash;
  }> {
    const numbers = [...this.#blocks.keys()].sort((left, right) => left - right);
    for (const number of numbers) {
      const block = this.#blocks.get(number)!;
      for (let at = 0; at < BLOCK; at += 1) {
        // What was put in is a place in the list.
        const state = states[block.states[at]!]!;
        const hash = block.bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
        if (state !== 'missing') yield { index: number * BLOCK + at, state, hash };
      }
    }
  }

  /** Keeps what tells most of an index: an entry that came in full stays one. */
  set(index: number, state: Exclude<SeenState, 'missing'>, hash: Hash): void {
    const number = Math.floor(index / BLOCK);
    const at = index % BLOCK;
    let block = this.#blocks.get(number);
    if (!block) {
      block = { bytes: new Uint8Array(BLOCK * HASH_BYTES), states: new Uint8Array(BLOCK) };
      this.#blocks.set(number, block);
    }
    block.bytes.set(hash, at * HASH_BYTES);
    block.states[at] = Math.max(block.states[at]!, states.indexOf(state));
    this.#lowest = Math.min(this.#lowest, index);
    this.#highest = Math.max(this.#highest, index);
  }
}
