import type { SessionsContext } from '../context.ts';
import { refuseUse } from '../commands/refuse-use.ts';
import { findLiveRow } from '../find-live.ts';
import type { SessionRow } from '../store/tables.ts';
import type { DbscContext } from './context.ts';
import type { ProofExchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import { insertDeviceKey } from './store/device-key-rows.ts';
import { beginExchange, firstBroken } from './table.ts';
import { useOnce } from './use-once.ts';

/** Binds the session that the challenge was given out for to the key that the proof brings. */
export async function register(
  dbsc: DbscContext,
  asked: Pick<ProofExchange, 'given' | 'url'>,
): Promise<Outcome> {
  const { sessions: context } = dbsc;
  const exchange = beginExchange({
    ...asked,
    nowMs: context.clock.now(),
    keys: context.cookieKeys,
    bound: undefined,
  });
  const broken = await firstBroken('register', exchange);
  const { challenge } = exchange;
  // Whoever brings no challenge of ours is known to nobody: there is no session to tell of.
  if (broken !== undefined || !challenge) return { kind: 'refused' };
  const row = await findLiveRow(context, { session_id: challenge.sessionId });
  if (row?.realm !== 'workforce') return { kind: 'ended' };
  if (!(await useOnce(dbsc, challenge))) return refused(context, row, 'challenge-used');
  if (await bind(context, row, exchange)) return { kind: 'bound', sessionId: row.session_id };
  return refused(context, row, 'bound-already');
}

async function refused(
  context: SessionsContext,
  row: SessionRow,
  because: string,
): Promise<Outcome> {
  await refuseUse(context, row, because);
  return { kind: 'refused' };
}

async function bind(
  context: SessionsContext,
  row: SessionRow,
  { alg, publicJwk }: ProofExchange,
): Promise<boolean> {
  const { clock, ledger, storage, tenant } = context;
  return storage.transaction(async (tx) => {
    const isFirst = await insertDeviceKey(tx, {
      tenant,
      session_id: row.session_id,
      alg,
      public_jwk: JSON.stringify(publicJwk),
      bound_at: new Date(clock.now()),
    });
    if (!isFirst) return false;
    await ledger.record(tx, {
      kind: 'session.bound',
      causes: [row.evidence_id],
      refs: { sessionId: row.session_id },
      subjects: { actor: row.subject_id },
      facts: { to: 'device-key', alg },
    });
    return true;
  });
}
