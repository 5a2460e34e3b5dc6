import { sha256Base64url } from '@proofline/kernel/node';
import { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { statementsOn } from '../store/oidc-payload-statements.ts';
import { createSqlReplayStore } from '../store/sql-replay-store.ts';
import { tablesOf } from '../store/tables.ts';
import { createClientAdapter } from './application-client.ts';
import { isUnchanged, stampOf } from './application-stamp.ts';
import { readOwnGrant } from './own-grants.ts';
import { modelOf } from './realm.ts';
import { endCodeOf, endSessionsOf, isReplay, replayingApplication } from './replayed-codes.ts';
import { Replayed } from './replays.ts';

const pruneEveryMs = 60_000;

/**
 * What must outlive a crash: what lives as long as a session. The others live for minutes (`sessions-3` says
 * what that means), and what was seen once is with the API’s own proofs (`createSqlReplayStore`).
 */
const LASTING = new Set(['Session', 'Grant']);
/** Clocks differ, so what has just run out may still be taken; it is remembered somewhat longer. */
const replayKeptMinSeconds = 60;

/** The library’s name of a request to somebody who is elsewhere (CIBA). */
const asked = 'BackchannelAuthenticationRequest';
/** So long such a request still says that it is over, and not that it never was. */
const askedKeptSeconds = 600;

/** A payload without its own id: for codes and browser sessions the id is the secret itself. */
function withoutSecrets(payload: AdapterPayload): Record<string, unknown> {
  const { jti: _id, ...rest } = payload;
  if (payload.kind === asked) {
    // Hints are personal, and the token to tell the application with is kept sealed.
    const { params: _params, ...kept } = rest;
    return kept;
  }
  if (typeof rest.session !== 'object') return rest;
  const { cookie: _cookie, ...session } = rest.session;
  return { ...rest, session };
}

/** Deletes what has run out, at most once a minute. */
function createPruning({ storage, tenant, clock }: SessionsContext): () => Promise<void> {
  let prunedAtMs = clock.now();
  return async () => {
    if (clock.now() - prunedAtMs < pruneEveryMs) return;
    prunedAtMs = clock.now();
    for (const table of ['oidc_payloads', 'oidc_transients'] as const) {
      await tablesOf(storage.db)
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('expires_at', '<', new Date(prunedAtMs))
        .execute();
    }
  };
}

/**
 * oidc-provider's models in one table, keyed by the SHA-256 of their ids. Times come from the
 * library, which reads the system's clock itself.
 */
export function createAdapterFactory(context: SessionsContext): (model: string) => Adapter {
  const { realm, storage, tenant, clock } = context;
  const { byKey } = storage;
  const prune = createPruning(context);
  const replays = createSqlReplayStore(context);

  return (model) => {
    if (model === 'Client') return createClientAdapter(context);
    const lasts = LASTING.has(model);
    const table = lasts ? 'oidc_payloads' : 'oidc_transients';
    const writes = lasts ? storage.db : byKey;
    const stored = modelOf(realm, model);
    const statements = statementsOn(table, { tenant, model: stored });

    return {
      async upsert(id, payload, expiresIn) {
        if (expiresIn === undefined) throw new Error(`${model} was to be stored without an end`);
        if (model === 'ReplayDetection') {
          // The library looks first and writes then; two at once must not both pass.
          const keptMs = Math.max(expiresIn, replayKeptMinSeconds) * 1000;
          const seen = await replays.remember(`${stored}:${id}`, clock.now() + keptMs);
          if (seen === 'seen') throw new Replayed();
          return;
        }
        await prune();
        const stamp = await stampOf(context, model, payload);
        const keptSeconds = expiresIn + (model === asked ? askedKeptSeconds : 0);
        await statements.upsert(writes, {
          idHash: sha256Base64url(id),
          uid: payload.uid ?? null,
          grantId: payload.grantId ?? null,
          payload: JSON.stringify({ ...withoutSecrets(payload), ...stamp }),
          expiresAt: new Date(clock.now() + keptSeconds * 1000),
        });
      },
      async find(id) {
        // The library looks before it writes; its write is what counts (`upsert`).
        if (model === 'ReplayDetection') return undefined;
        const own = stored === 'Grant' ? readOwnGrant(id) : undefined;
        if (own) return own;
        const [row] = (await statements.find(byKey, { idHash: sha256Base64url(id) })).rows;
        if (!row || !(await isUnchanged(context, model, row.payload))) return undefined;
        const consumed = row.consumed_at
          ? { consumed: Math.floor(row.consumed_at.getTime() / 1000) }
          : {};
        return { ...row.payload, jti: id, ...consumed };
      },
      async findByUid(uid) {
        return (await statements.findByUid(byKey, { uid })).rows[0]?.payload;
      },
      // The device flow is off, so nothing has a user code.
      findByUserCode: async () => undefined,
      async consume(id) {
        const at = new Date(clock.now());
        const done = await statements.consume(writes, { idHash: sha256Base64url(id), at });
        if (done.numAffectedRows !== 1n) throw new errors.InvalidGrant('already consumed');
      },
      async destroy(id) {
        await statements.destroy(writes, { idHash: sha256Base64url(id) });
      },
      async revokeByGrantId(grantId) {
        const replaying = replayingApplication();
        if (replaying) return endCodeOf(context, model, replaying);
        const gone = await tablesOf(storage.db)
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where('model', '=', stored)
          .where('grant_id', '=', grantId)
          .returning('payload')
          .execute();
        // Elsewhere a grant is revoked because somebody wished it: a sign-out, a token given back.
        if (model === 'AuthorizationCode' && isReplay()) await endSessionsOf(context, gone);
      },
    };
  };
}
