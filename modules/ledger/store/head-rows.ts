import { fromBase64, toBase64, type Hash } from '@proofline/evidence';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

const HASH_BYTES = 32;

/** Where the log ends. */
export interface Head {
  readonly size: number;
  readonly root: Hash;
  /** The compact range: all that is needed to go on. */
  readonly peaks: readonly Hash[];
  /** The signed checkpoint of exactly this size and root. */
  readonly checkpoint: string;
}

/** SQL of the table `ledger_head`: one row. */
export function headRows(tenant: string) {
  return {
    async find(db: Db): Promise<Head | undefined> {
      const row = await tables(db)
        .selectFrom('ledger_head')
        .selectAll()
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      if (!row) return undefined;
      const peaks = fromBase64(row.peaks);
      const root = fromBase64(row.root);
      if (!peaks || !root || peaks.length % HASH_BYTES !== 0) {
        throw new Error('the head of the log is not readable');
      }
      return { size: row.size, root, peaks: split(peaks), checkpoint: row.checkpoint };
    },

    async create(db: Db, head: Head): Promise<void> {
      await tables(db)
        .insertInto('ledger_head')
        .values({ ...write(head), tenant })
        .execute();
    },

    /** The fence: moves the head from one state to the next, or answers false and moves nothing. */
    async move(db: Db, from: Head, to: Head): Promise<boolean> {
      const result = await tables(db)
        .updateTable('ledger_head')
        .set(write(to))
        .where('tenant', '=', tenant)
        .where('size', '=', from.size)
        .where('root', '=', toBase64(from.root))
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function write(head: Head) {
  return {
    size: head.size,
    root: toBase64(head.root),
    peaks: toBase64(Buffer.concat(head.peaks)),
    checkpoint: head.checkpoint,
  };
}

function split(peaks: Uint8Array): Hash[] {
  return Array.from({ length: peaks.length / HASH_BYTES }, (_, at) =>
    peaks.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
