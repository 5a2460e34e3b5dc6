import { compileOnce, type Db } from '@proofline/storage';
import { tablesOf } from './tables.ts';

/** Which of its rows a statement is about. */
interface Row {
  readonly idHash: string;
}

/** A row as it is written. */
interface Written extends Row {
  readonly uid: string | null;
  readonly grantId: string | null;
  /** JSON */
  readonly payload: string;
  readonly expiresAt: Date;
}

/**
 * The statements of one of the issuer’s models. Each page of a sign-in asks several of them, so they are built
 * once.
 */
export function statementsOn(
  table: 'oidc_payloads' | 'oidc_transients',
  { tenant, model }: { readonly tenant: string; readonly model: string },
) {
  return {
    find: compileOnce((db: Db, { idHash }: Row) =>
      tablesOf(db)
        .selectFrom(table)
        .select(['payload', 'consumed_at'])
        .where('tenant', '=', tenant)
        .where('model', '=', model)
        .where('id_hash', '=', idHash),
    ),
    findByUid: compileOnce((db: Db, { uid }: { readonly uid: string }) =>
      tablesOf(db)
        .selectFrom(table)
        .select('payload')
        .where('tenant', '=', tenant)
        .where('model', '=', model)
        .where('uid', '=', uid)
        .limit(1),
    ),
    upsert: compileOnce((db: Db, row: Written) => {
      const { expiresAt, grantId, idHash, payload, uid } = row;
      const values = { uid, grant_id: grantId, payload, expires_at: expiresAt };
      return tablesOf(db)
        .insertInto(table)
        .values({ tenant, model, id_hash: idHash, ...values, consumed_at: null })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'model', 'id_hash']).doUpdateSet(values),
        );
    }),
    /** Once: of two at the same time, one touches no row. */
    consume: compileOnce((db: Db, { idHash, at }: Row & { readonly at: Date }) =>
      tablesOf(db)
        .updateTable(table)
        .set({ consumed_at: at })
        .where('tenant', '=', tenant)
        .where('model', '=', model)
        .where('id_hash', '=', idHash)
        .where('consumed_at', 'is', null),
    ),
    destroy: compileOnce((db: Db, { idHash }: Row) =>
      tablesOf(db)
        .deleteFrom(table)
        .where('tenant', '=', tenant)
        .where('model', '=', model)
        .where('id_hash', '=', idHash),
    ),
  };
}
