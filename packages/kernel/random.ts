/** Where chance comes from. Nothing below `apps` draws random bytes by itself. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** So much is drawn at once: a call of the generator costs twenty times what a few bytes do. */
const pool = new Uint8Array(4_096);
let left = 0;

/** The platform's cryptographic generator. What was given out is not kept. */
export const systemRandom: Random = {
  bytes(length) {
    if (length > pool.length / 16) return crypto.getRandomValues(new Uint8Array(length));
    if (length > left) {
      crypto.getRandomValues(pool);
      left = pool.length;
    }
    const given = pool.slice(left - length, left);
    pool.fill(0, left - length, left);
    left -= length;
    return given;
  },
};
