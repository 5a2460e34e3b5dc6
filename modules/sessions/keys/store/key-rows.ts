import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { JWK } from 'jose';
import { publicJwks } from '../../oidc/public-jwks.ts';
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

const tables = (db: Db) => db.withTables<{ signing_keys: Table; customer_signing_keys: Table }>();
/** More than a rotation a day makes in years; whoever writes more than that beside ours ends the start. */
const READ_MAX = 1_000;

/** What the table says. */
export interface ReadKeys {
  /** Those that we wrote, exactly so, newest first. */
  readonly rows: readonly KeyRow[];
  /** Why a row is none of ours; `undefined`: all are. */
  readonly foreign: Error | undefined;
  /** The next sequence that no row has. */
  readonly nextSequence: number;
}

interface Places {
  readonly tenant: string;
  readonly realm: Realm;
  readonly sealer: KeySealer;
  /** Private keys of the settings, by name. */
  readonly ofSettings: ReadonlyMap<string, JWK>;
}

/** Where the keys of a realm’s issuer are kept. */
export const keyTableOf = (realm: Realm) =>
  realm === 'workforce' ? 'signing_keys' : 'customer_signing_keys';

/** SQL of the table `signing_keys`, and of its sister for the customers’ issuer. */
export function keyRows({ ofSettings, realm, sealer, tenant }: Places) {
  const table = keyTableOf(realm);
  // Everything that says whose key it is, and how long for, is authenticated with what is sealed.
  const placeOf = (row: Omit<Table, 'sealed_jwk'>) => [
    row.tenant,
    table,
    row.kid,
    String(row.sequence),
    row.public_jwk,
    ...[row.published_at, row.signs_from, row.older_until].map((at) => at.toISOString()),
    row.because,
  ];
  const read = (row: Table): KeyRow => {
    if (row.sealed_jwk === null) throw new Error(`the signing key ${row.kid} is not sealed`);
    const sealed = sealer.open(row.sealed_jwk, placeOf(row));
    const ofThese = ofSettings.get(row.kid);
    const own = ofThese?.x === sealed.x && ofThese?.y === sealed.y ? ofThese : undefined;
    return {
      sequence: row.sequence,
      kid: row.kid,
      publicJwk: publicJwks([sealed]).keys[0]!,
      privateJwk: row.because === 'settings' ? own : sealed,
      publishedAtMs: row.published_at.getTime(),
      signsFromMs: row.signs_from.getTime(),
      olderUntilMs: row.older_until.getTime(),
      because: row.because,
    };
  };
  const newest = (db: Db) =>
    tables(db)
      .selectFrom(table)
      .selectAll()
      .where('tenant', '=', tenant)
      .orderBy('sequence', 'desc')
      .limit(READ_MAX);
  return {
    async all(db: Db): Promise<ReadKeys> {
      const found = await newest(db).execute();
      const rows: KeyRow[] = [];
      let foreign: Error | undefined;
      for (const row of found) {
        try {
          rows.push(read(row));
        } catch (error) {
          foreign = new Error(`${table} has a row that is not ours: ${String(error)}`);
        }
      }
      const taken = new Set(found.map(({ sequence }) => sequence));
      let nextSequence = (rows[0]?.sequence ?? -1) + 1;
      while (taken.has(nextSequence)) nextSequence += 1;
      return { rows, foreign, nextSequence };
    },

    /** The sequence of the newest: whether there is one to read. */
    async newestSequence(db: Db): Promise<number> {
      const row = await tables(db)
        .selectFrom(table)
        .select('sequence')
        .where('tenant', '=', tenant)
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.sequence ?? -1;
    },

    /** False where another process was first. */
    async insert(db: Db, row: KeyRow): Promise<boolean> {
      const plain = {
        tenant,
        sequence: row.sequence,
        kid: row.kid,
        public_jwk: JSON.stringify(row.publicJwk),
        published_at: new Date(row.publishedAtMs),
        signs_from: new Date(row.signsFromMs),
        older_until: new Date(row.olderUntilMs),
        because: row.because,
      };
      // Of a key of the settings the public half alone: its private one stands there.
      const half = row.because === 'settings' ? row.publicJwk : row.privateJwk;
      if (!half) throw new Error(`the signing key ${row.kid} has no private half to seal`);
      const values = { ...plain, sealed_jwk: sealer.seal(half, placeOf(plain)) };
      const done = await tables(db)
        .insertInto(table)
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return done.numInsertedOrUpdatedRows === 1n;
    },
  };
}
