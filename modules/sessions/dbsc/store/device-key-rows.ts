import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf, type DeviceKeyRow } from '../../store/tables.ts';
import type { DeviceKey } from '../exchange.ts';

/** A row as the checks see it. */
export function deviceKeyOf(row: Pick<DeviceKeyRow, 'alg' | 'public_jwk' | 'session_id'>) {
  return {
    sessionId: row.session_id,
    alg: row.alg,
    // Written by this module, from what its own schema has read.
    publicJwk: JSON.parse(row.public_jwk) as DeviceKey['publicJwk'],
  } satisfies DeviceKey;
}

/** The key that a session is bound to. */
export async function findDeviceKey(
  db: Db,
  tenant: string,
  sessionId: Id<'ses'>,
): Promise<DeviceKey | undefined> {
  const row = await tablesOf(db)
    .selectFrom('session_device_keys')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  return row && deviceKeyOf(row);
}

/** Binds a session for good; `false` when it is bound already: the first key stays. */
export async function insertDeviceKey(tx: Db, row: DeviceKeyRow): Promise<boolean> {
  const done = await tablesOf(tx)
    .insertInto('session_device_keys')
    .values(row)
    .onConflict((conflict) => conflict.columns(['tenant', 'session_id']).doNothing())
    .executeTakeFirst();
  return done.numInsertedOrUpdatedRows === 1n;
}

/** The bound sessions that any of these issuer’s cookies opens, by the digests of the cookies. */
export async function findBoundByCookies(
  db: Db,
  tenant: string,
  idHashes: readonly string[],
): Promise<Pick<DeviceKeyRow, 'session_id'>[]> {
  return tablesOf(db)
    .selectFrom('oidc_payloads as payload')
    .innerJoin('sessions as session', (join) =>
      join
        .onRef('session.tenant', '=', 'payload.tenant')
        .onRef('session.oidc_uid', '=', 'payload.uid')
        .on('session.ended_at', 'is', null),
    )
    .innerJoin('session_device_keys as device', (join) =>
      join
        .onRef('device.tenant', '=', 'session.tenant')
        .onRef('device.session_id', '=', 'session.session_id'),
    )
    .select('session.session_id')
    .where('payload.tenant', '=', tenant)
    .where('payload.model', '=', 'Session')
    .where('payload.id_hash', 'in', [...idHashes])
    .execute();
}
