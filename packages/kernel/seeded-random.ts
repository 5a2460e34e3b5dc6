import type { Random } from './random.ts';
import { sha256 } from './sha256.ts';

/** A repeatable generator (SHA-256 in counter mode) for seeds and tests: never for secrets. */
export function seededRandom(seed: string): Random {
  let counter = 0;
  return {
    bytes(length) {
      const out = new Uint8Array(length);
      for (let offset = 0; offset < length; offset += 32) {
        counter += 1;
        out.set(sha256(`${seed}:${counter}`).subarray(0, length - offset), offset);
      }
      return out;
    },
  };
}
