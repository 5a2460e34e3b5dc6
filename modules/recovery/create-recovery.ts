import type { MountedRoute } from '@proofline/protocol';
import { settleAsked } from './commands/settle-asked.ts';
import { watchRecoveries } from './commands/watch-recoveries.ts';
import { createContext } from './context.ts';
import { recoveryRoutes } from './routes/recovery-routes.ts';
import type { RecoveryDeps } from './types.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
// As long as the cookie of the browser that began.
const FORGET_MS = 9 * DAY_MS;

/** The module: the only ways back in, all of them the subject's own. */
export interface Recovery {
  /** Looks up whom recoveries were asked for. The composition calls it each second. */
  settle(): Promise<void>;
  /** Watches what is open. The composition calls it every `watchEveryMs`. */
  watch(): Promise<void>;
  readonly watchEveryMs: number;
  /** Deletes ceremonies and tries that count no more. */
  forgetOld(): Promise<void>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. @throws Error when the wait is under 24 h and nothing says that it is a show. */
export function createRecovery(deps: RecoveryDeps): Recovery {
  const context = createContext(deps);
  let settling: Promise<void> | undefined;
  const settle = () => {
    settling ??= settleAsked(context).finally(() => {
      settling = undefined;
    });
    return settling;
  };
  return {
    settle,
    watch: () => watchRecoveries(context),
    watchEveryMs: deps.wait.isShortened ? 1_000 : 60_000,
    async forgetOld() {
      const { db } = deps.storage;
      const nowMs = deps.clock.now();
      await context.rows.passing.forgetBefore(db, new Date(nowMs - DAY_MS));
      await context.rows.ceremonies.forgetBefore(db, new Date(nowMs - DAY_MS));
      await context.rows.asked.forgetNobodys(db, new Date(nowMs - FORGET_MS));
    },
    routes: recoveryRoutes(context, () => {
      // A failure here is a failure of the database: it is asked for again a second later.
      settle().catch(() => undefined);
    }),
  };
}
