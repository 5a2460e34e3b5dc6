/** An offer that stands in a field of the page, until somebody picks or it is taken back. */
export interface PasskeyOffer {
  /** Takes it back. Once this resolves, nothing of it reaches the device or the server any more. */
  end(): Promise<void>;
}

interface OfferDeps<Options, Answer> {
  /** Options with a challenge of their own, once somebody can see the page. */
  readonly begin: (signal: AbortSignal) => Promise<Options>;
  /** For how long the server takes an answer to them. */
  readonly lifeMs: (options: Options) => number;
  /** Waits in the browser until somebody picks. */
  readonly pick: (options: Options, signal: AbortSignal) => Promise<Answer>;
  /** Resolves after that time, or when it is over anyway. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onPicked: (answer: Answer) => void;
}

/** A challenge is replaced this long before its end: whoever picks late has still time to touch. */
const MARGIN_MS = 60_000;

/**
 * Offers passkeys without a dialog (WebAuthn Level 3 §5.1.4, `conditional`). The request has no timeout of
 * its own, its challenge has: before that ends, another takes its place. What goes wrong is told by
 * nobody: the button beside it does the same, and says what it met.
 */
export function offerPasskeys<Options, Answer>(deps: OfferDeps<Options, Answer>): PasskeyOffer {
  const over = new AbortController();
  /** What was picked; `stale`: the challenge is about to end; nothing: the offer is over. */
  const round = async (): Promise<{ readonly picked: Answer } | 'stale' | undefined> => {
    const options = await deps.begin(over.signal);
    const stale = new AbortController();
    const signal = AbortSignal.any([over.signal, stale.signal]);
    const picking = deps.pick(options, signal).then((picked) => ({ picked }));
    const ageing = deps.pause(deps.lifeMs(options) - MARGIN_MS, signal);
    try {
      return await Promise.race([picking, ageing.then(() => 'stale' as const)]);
    } finally {
      stale.abort();
      // One ceremony at a time: the browser has let go of this one before another begins.
      await picking.catch(() => undefined);
    }
  };
  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const came = await round();
      if (came === undefined) return;
      if (came === 'stale') continue;
      if (!over.signal.aborted) deps.onPicked(came.picked);
      return;
    }
  };
  const running = run().catch(() => undefined);
  return {
    async end() {
      over.abort();
      await running;
    },
  };
}
