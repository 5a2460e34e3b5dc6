import type { Logger } from 'pino';
import { describeError } from '@proofline/protocol';

/** Work that is done again and again while the server runs. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/** Runs chores, each never twice at once; a failing one is logged and tried again. */
export function startTicker(chores: readonly Chore[], logger: Logger): { stop(): Promise<void> } {
  const running = new Set<Promise<void>>();
  const timers = chores.map((chore) => {
    let busy = false;
    return setInterval(() => {
      if (busy) return;
      busy = true;
      const round = runOnce(chore, logger).finally(() => {
        busy = false;
        running.delete(round);
      });
      running.add(round);
    }, chore.everyMs);
  });
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await Promise.all(running);
    },
  };
}

async function runOnce(chore: Chore, logger: Logger): Promise<void> {
  try {
    await chore.run();
  } catch (error) {
    logger.error({ chore: chore.name, ...describeError(error) }, 'chore failed');
  }
}
