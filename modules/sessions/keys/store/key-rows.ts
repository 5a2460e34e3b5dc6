import type { Db } from '@proofline/storage';
import type { JWK } from 'jose';
import type { KeyRow } from '../domain/key-ring.ts';
import type { KeySealer } from '../domain/seal-key.ts';

type Table = {
  tenant: string;
  sequence: number;
  kid: string;
  /** JSON. */
  public_jwk: string;
  sealed_jwk: string | null;
  published_at: Date;
  signs_from: Date;
  older_until: Date;
  because: KeyRow['because'];
};

const tables = (db: Db) => db.withTables<{ signing_keys: Table }>();
/** Older ones are retired long since. */
const READ_MAX = 20;

interface Places {
  readonly tenant: string;
  readonly sealer: KeySealer;
  /** Private keys of the settings, by name. */
  readonly ofSettings: ReadonlyMap<string, JWK>;
}

/** SQL of the table `signing_keys`. */
export function keyRows({ ofSettings, sealer, tenant }: Places) {
  const placeOf = (kid: string) => [tenant, 'signing_keys', kid];
  const read = (row: Table): KeyRow => ({
    sequence: row.sequence,
    kid: row.kid,
    // Written by this module as a JWK.
    publicJwk: JSON.parse(row.public_jwk) as JWK,
    privateJwk:
      row.sealed_jwk === null
        ? ofSettings.get(row.kid)
        : sealer.open(row.sealed_jwk, placeOf(row.kid)),
    publishedAtMs: row.published_at.getTime(),
    signsFromMs: row.signs_from.getTime(),
    olderUntilMs: row.older_until.getTime(),
    because: row.because,
  });
  const newest = (db: Db) =>
    tables(db)
      .selectFrom('signing_keys')
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('sequence', 'desc')
      .limit(READ_MAX);
  return {
    async all(db: Db): Promise<KeyRow[]> {
      return (await newest(db).execute()).map(read);
    },

    /** The sequence of the newest: whether there is one to read. */
    async newestSequence(db: Db): Promise<number> {
      const row = await tables(db)
        .selectFrom('signing_keys')
        .select('sequence')
        .where('tenant', '=', tenant)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.sequence ?? -1;
    },

    /** False where another process was first. */
    async insert(db: Db, row: KeyRow): Promise<boolean> {
      const values = {
        tenant,
        sequence: row.sequence,
        kid: row.kid,
        public_jwk: JSON.stringify(row.publicJwk),
        sealed_jwk:
          row.because === 'settings' || !row.privateJwk
            ? null
            : sealer.seal(row.privateJwk, placeOf(row.kid)),
        published_at: new Date(row.publishedAtMs),
        signs_from: new Date(row.signsFromMs),
        older_until: new Date(row.olderUntilMs),
        because: row.because,
      };
      const done = await tables(db)
        .insertInto('signing_keys')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return done.numInsertedOrUpdatedRows === 1n;
    },
  };
}
