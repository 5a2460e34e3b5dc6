import type { Session, SessionPool } from '../session-pool.ts';
import { settings } from './wall-rules.ts';

/** Whose side of the wall a session is on. */
interface Side {
  readonly tenant: string;
  /** Taken on by each session; `undefined` where its login is the working role already. */
  readonly role: string | undefined;
}

/** A pool whose sessions can be put behind the wall. */
export interface WalledPool extends SessionPool {
  /** From now on, every session that is lent works as this. */
  putBehind(side: Side): void;
}

/** Wraps a pool: until `putBehind`, it changes nothing. */
export function createWalledPool(pool: SessionPool): WalledPool {
  let side: Side | undefined;
  let behind = new WeakSet<Session>();
  return {
    putBehind(wanted) {
      side = wanted;
      behind = new WeakSet();
    },
    async acquire() {
      const session = await pool.acquire();
      if (side === undefined || behind.has(session)) return session;
      try {
        await enter(session, side);
      } catch (error) {
        await pool.release(session);
        throw error;
      }
      behind.add(session);
      return session;
    },
    ...(pool.isShared && { isShared: true }),
    release: (session) => pool.release(session),
    close: () => pool.close(),
  };
}

/** For the session, not for a transaction: single reads have none. */
async function enter(session: Session, { role, tenant }: Side): Promise<void> {
  await session.run(`select set_config('${settings.tenant}', $1, false)`, [tenant]);
  if (role !== undefined) await session.run(`select set_config('role', $1, false)`, [role]);
}
