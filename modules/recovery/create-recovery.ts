import type { Id } from '@proofline/kernel';
import type { MountedRoute } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { settleAsked } from './commands/settle-asked.ts';
import { watchRecoveries } from './commands/watch-recoveries.ts';
import { createContexts } from './context.ts';
import { isProved } from './domain/recovery.ts';
import { customerRoutes } from './routes/customer-routes.ts';
import { publicRoutes } from './routes/public-routes.ts';
import { staffRoutes } from './routes/staff-routes.ts';
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
  /** Whether a recovery of a customer has both its proofs, and waits: for the facts of decisions. */
  isUnderWay(db: Db, customerId: Id<'cus'>): Promise<boolean>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. @throws Error when the wait is under 24 h and nothing says that it is a show. */
export function createRecovery(deps: RecoveryDeps): Recovery {
  const contexts = createContexts(deps);
  const { customers, workforce } = contexts;
  const both = [workforce, customers];
  let settling: Promise<void> | undefined;
  const settle = () => {
    settling ??= inTurn(both, settleAsked).finally(() => {
      settling = undefined;
    });
    return settling;
  };
  const settleSoon = () => {
    // A failure here is a failure of the database: it is asked for again a second later.
    settle().catch(() => undefined);
  };
  return {
    settle,
    watch: () => inTurn(both, watchRecoveries),
    watchEveryMs: deps.wait.isShortened ? 1_000 : 60_000,
    async forgetOld() {
      const { db } = deps.storage;
      const nowMs = deps.clock.now();
      const { ceremonies, invitations, passing } = workforce.rows;
      await passing.forgetBefore(db, new Date(nowMs - DAY_MS));
      await ceremonies.forgetBefore(db, new Date(nowMs - DAY_MS));
      await invitations.forgetBefore(db, new Date(nowMs));
      for (const { rows } of both) await rows.asked.forgetNobodys(db, new Date(nowMs - FORGET_MS));
    },
    async isUnderWay(db, customerId) {
      const open = await customers.rows.recoveries.listOpen(db, customerId);
      return open.some(({ recovery }) => isProved(recovery));
    },
    routes: [
      ...publicRoutes(contexts, settleSoon),
      ...staffRoutes({ own: workforce, realms: both }),
      ...customerRoutes({ own: customers, realms: [customers] }),
    ],
  };
}

async function inTurn<T>(list: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (const one of list) await work(one);
}
