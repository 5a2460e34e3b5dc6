import { commit } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';
import { closeRequest } from './close-request.ts';

/** Call codes are kept for the limit per hour, then forgotten. */
const CODES_KEPT_MS = 2 * 60 * 60 * 1000;

/**
 * Ends the requests that nobody answered in time, each in its own transaction, and answers how many
 * there were. The composition calls it each second; nothing depends on when it comes by.
 */
export async function sweepExpired(context: Context): Promise<number> {
  const { db } = context.storage;
  await context.rows.codes.forgetBefore(db, new Date(context.clock.now() - CODES_KEPT_MS));
  const late = await context.rows.requests.listExpired(db, nowOf(context));
  let ended = 0;
  for (const request of late) {
    const isMine = await commit(context, (tx, tell) =>
      closeRequest(context, tx, { request, because: 'expired', tell }),
    );
    if (isMine) ended += 1;
  }
  return ended;
}
