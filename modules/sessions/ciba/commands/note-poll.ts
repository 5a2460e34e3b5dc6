import { sha256Base64url } from '@proofline/kernel/node';
import type { SessionsContext } from '../../context.ts';
import { paceAfter } from '../domain/poll-pace.ts';
import { findBySecret, notePoll as write } from '../store/request-rows.ts';

/** Notes that an application asked for an answer that is not there yet; true when it asks too often. */
export async function notePoll(context: SessionsContext, authReqId: string): Promise<boolean> {
  const { clock, storage, tenant } = context;
  const row = await findBySecret(storage.db, tenant, sha256Base64url(authReqId));
  if (!row) return false;
  const nowMs = clock.now();
  const pace = { intervalSeconds: row.interval_seconds, polledAt: row.polled_at ?? undefined };
  const { intervalSeconds, isTooSoon } = paceAfter(pace, nowMs);
  await write(storage.db, row, { interval_seconds: intervalSeconds, polled_at: new Date(nowMs) });
  return isTooSoon;
}
