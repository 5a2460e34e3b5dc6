import { bytesToBase64url, canonicalJson, type JsonObject, type Random } from '@proofline/kernel';

/**
 * Attempts to do something once. The idempotency key belongs to the content until it has come
 * through, so a double click, a step-up in between and a second try are one and the same request.
 */
export interface Attempts {
  /** Runs `send` with the content's key; joins the run that is under way, if there is one. */
  run(content: JsonObject, send: (idempotencyKey: string) => Promise<void>): Promise<void>;
}

/** {@link Attempts} in memory. */
export function createAttempts(random: Random): Attempts {
  const keys = new Map<string, string>();
  const running = new Map<string, Promise<void>>();
  return {
    run(content, send) {
      const name = canonicalJson(content);
      const underWay = running.get(name);
      if (underWay) return underWay;
      const key = keys.get(name) ?? bytesToBase64url(random.bytes(18));
      keys.set(name, key);
      const run = send(key)
        // It came through: doing it again would be a new attempt.
        .then(() => void keys.delete(name))
        .finally(() => running.delete(name));
      running.set(name, run);
      return run;
    },
  };
}
