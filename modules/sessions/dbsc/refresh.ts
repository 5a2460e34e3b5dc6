import { isId } from '@proofline/kernel';
import { refuseUse } from '../commands/refuse-use.ts';
import { findLiveRow } from '../find-live.ts';
import type { DbscContext } from './context.ts';
import type { ProofExchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import { findDeviceKey } from './store/device-key-rows.ts';
import { beginExchange, firstBroken } from './table.ts';
import { useOnce } from './use-once.ts';

/** Shows the key again. The session’s idle clock runs on: a browser refreshes with nobody at it. */
export async function refresh(
  dbsc: DbscContext,
  asked: Pick<ProofExchange, 'url'> & {
    /** Of `Sec-Secure-Session-Id`. */
    readonly sessionId: string;
    /** Of `Secure-Session-Response`. */
    readonly given: string | undefined;
  },
): Promise<Outcome> {
  const { sessions: context } = dbsc;
  const { sessionId, given, url } = asked;
  if (!isId('ses', sessionId)) return { kind: 'refused' };
  const [row, bound] = await Promise.all([
    findLiveRow(context, { session_id: sessionId }),
    findDeviceKey(context.storage.db, context.tenant, sessionId),
  ]);
  if (!row || !bound) return { kind: 'ended' };
  if (given === undefined) return { kind: 'challenged', sessionId };
  const { clock, cookieKeys: keys } = context;
  const exchange = beginExchange({ given, url, nowMs: clock.now(), keys, bound });
  const broken = await firstBroken('refresh', exchange);
  if (broken !== undefined && broken !== 'challenge') {
    await refuseUse(context, row, 'device-key');
    return { kind: 'refused' };
  }
  // Late, used or another’s: browsers come with an old one where two refreshes cross (§5).
  const isFresh = exchange.challenge !== undefined && (await useOnce(dbsc, exchange.challenge));
  return { kind: broken === undefined && isFresh ? 'bound' : 'challenged', sessionId };
}
