import { sha256Base64url } from '@proofline/kernel/node';
import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow } from '../store/session-rows.ts';
import { tablesOf } from '../store/tables.ts';
import { createClientAdapter } from './application-client.ts';
import { Replayed } from './replays.ts';

const pruneEveryMs = 60_000;

/**
 * What must outlive a crash: what lives as long as a session, and what was seen once. The others live for
 * minutes (`sessions-3` says what that means).
 */
const LASTING = new Set(['Session', 'Grant', 'ReplayDetection']);

/** A payload without its own id: for codes and browser sessions the id is the secret itself. */
function withoutSecrets(payload: AdapterPayload): Record<string, unknown> {
  const { jti: _id, ...rest } = payload;
  if (typeof rest.session !== 'object') return rest;
  const { cookie: _cookie, ...session } = rest.session;
  return { ...rest, session };
}

/**
 * At the token endpoint the library revokes only when a code comes a second time, with its verifier.
 * What was issued for it should die (RFC 6749 §4.1.2); our tokens live and die with their session.
 */
async function endSessionsOf(
  context: SessionsContext,
  codes: readonly { readonly payload: Record<string, unknown> }[],
): Promise<void> {
  for (const oidcUid of new Set(codes.map(({ payload }) => payload['sessionUid']))) {
    if (typeof oidcUid !== 'string') continue;
    const row = await findOpenRow(context.storage.db, context.tenant, { oidc_uid: oidcUid });
    if (row) await endSession(context, row.session_id, { because: 'code-replayed' });
  }
}

/**
 * oidc-provider's models in one table, keyed by the SHA-256 of their ids. Times come from the
 * library, which reads the system's clock itself.
 */
export function createAdapterFactory(context: SessionsContext): (model: string) => Adapter {
  const { storage, tenant, clock } = context;
  const db = tablesOf(storage.db);
  let prunedAtMs = clock.now();

  const prune = async (): Promise<void> => {
    if (clock.now() - prunedAtMs < pruneEveryMs) return;
    prunedAtMs = clock.now();
    for (const table of ['oidc_payloads', 'oidc_transients'] as const) {
      await db
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('expires_at', '<', new Date(prunedAtMs))
        .execute();
    }
  };

  return (model) => {
    if (model === 'Client') return createClientAdapter(context);
    const table = LASTING.has(model) ? 'oidc_payloads' : 'oidc_transients';
    const rowOf = (id: string) =>
      db
        .selectFrom(table)
        .select(['payload', 'consumed_at'])
        .where('tenant', '=', tenant)
        .where('model', '=', model)
        .where('id_hash', '=', sha256Base64url(id));

    return {
      async upsert(id, payload, expiresIn) {
        if (expiresIn === undefined) throw new Error(`${model} was to be stored without an end`);
        await prune();
        const values = {
          tenant,
          model,
          id_hash: sha256Base64url(id),
          uid: payload.uid ?? null,
          grant_id: payload.grantId ?? null,
          payload: JSON.stringify(withoutSecrets(payload)),
          expires_at: new Date(clock.now() + expiresIn * 1000),
          consumed_at: null,
        };
        const insert = db.insertInto(table).values(values);
        if (model === 'ReplayDetection') {
          // The library looks first and writes then; two at once must not both pass.
          const done = await insert
            .onConflict((conflict) => conflict.columns(['tenant', 'model', 'id_hash']).doNothing())
            .executeTakeFirst();
          if (done.numInsertedOrUpdatedRows !== 1n) throw new Replayed();
          return;
        }
        await insert
          .onConflict((conflict) =>
            conflict.columns(['tenant', 'model', 'id_hash']).doUpdateSet({
              uid: values.uid,
              grant_id: values.grant_id,
              payload: values.payload,
              expires_at: values.expires_at,
            }),
          )
          .execute();
      },
      async find(id) {
        // The library looks before it writes; its write is what counts (`upsert`).
        if (model === 'ReplayDetection') return undefined;
        const row = await rowOf(id).executeTakeFirst();
        if (!row) return undefined;
        const consumed = row.consumed_at
          ? { consumed: Math.floor(row.consumed_at.getTime() / 1000) }
          : {};
        return { ...row.payload, jti: id, ...consumed };
      },
      async findByUid(uid) {
        const row = await db
          .selectFrom(table)
          .select('payload')
          .where('tenant', '=', tenant)
          .where('model', '=', model)
          .where('uid', '=', uid)
          .executeTakeFirst();
        return row?.payload;
      },
      // The device flow is off, so nothing has a user code.
      findByUserCode: async () => undefined,
      async consume(id) {
        const done = await db
          .updateTable(table)
          .set({ consumed_at: new Date(clock.now()) })
          .where('tenant', '=', tenant)
          .where('model', '=', model)
          .where('id_hash', '=', sha256Base64url(id))
          .where('consumed_at', 'is', null)
          .executeTakeFirst();
        if (done.numUpdatedRows !== 1n) throw new errors.InvalidGrant('already consumed');
      },
      async destroy(id) {
        await db
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where('model', '=', model)
          .where('id_hash', '=', sha256Base64url(id))
          .execute();
      },
      async revokeByGrantId(grantId) {
        const gone = await db
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where('model', '=', model)
          .where('grant_id', '=', grantId)
          .returning('payload')
          .execute();
        // Elsewhere a grant is revoked because somebody wished it: a sign-out, a token given back.
        const isReplay = model === 'AuthorizationCode' && Provider.ctx?.oidc.route === 'token';
        if (isReplay) await endSessionsOf(context, gone);
      },
    };
  };
}
