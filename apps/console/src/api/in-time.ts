/** Longer than any answer takes that still comes; a stream has begun by then. */
const ANSWER_MAX_MS = 30_000;

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** The same `fetch`, given up when no answer has begun in time: a stopped server is silent for ever. */
export function inTime(fetch: Fetch, maxMs = ANSWER_MAX_MS): Fetch {
  return async (url, init) => {
    const silence = new AbortController();
    const timer = globalThis.setTimeout(() => silence.abort(), maxMs);
    const signals = [silence.signal, ...(init.signal ? [init.signal] : [])];
    try {
      return await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    } finally {
      globalThis.clearTimeout(timer);
    }
  };
}
