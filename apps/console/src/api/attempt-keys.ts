import { bytesToBase64url, canonicalJson, type JsonObject, type Random } from '@proofline/kernel';

/** Idempotency keys: one per attempt, so that a double click or a retry is the same request. */
export interface AttemptKeys {
  /** The key of this content; the same until it has come through. */
  keyFor(content: JsonObject): string;
  /** The content came through: doing it again would be a new attempt. */
  settle(content: JsonObject): void;
}

/** {@link AttemptKeys} in memory. */
export function createAttemptKeys(random: Random): AttemptKeys {
  const keys = new Map<string, string>();
  return {
    keyFor(content) {
      const name = canonicalJson(content);
      const key = keys.get(name) ?? bytesToBase64url(random.bytes(18));
      keys.set(name, key);
      return key;
    },
    settle(content) {
      keys.delete(canonicalJson(content));
    },
  };
}
