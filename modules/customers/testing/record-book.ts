import { newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type { EvidenceDraft, EvidenceWriter } from '@proofline/ledger';
import type { EvidenceKind } from '@proofline/protocol';
import type { Db, Migration, Storage } from '@proofline/storage';

/** An entry as the record book keeps it. */
export interface RecordedEntry extends EvidenceDraft {
  readonly evidenceId: Id<'evt'>;
}

/** A ledger's place in a test: entries in a table of the same database, so that P3 can be seen. */
export interface RecordBook extends EvidenceWriter {
  entries(kind?: EvidenceKind): Promise<RecordedEntry[]>;
  /** The newest entry of a kind. */
  last(kind: EvidenceKind): Promise<RecordedEntry>;
}

/** The table of the record book. */
export const recordBookMigration: Migration = {
  id: 'recordbook-1',
  why: 'Entries of a test.',
  sql: 'CREATE TABLE record_book (evidence_id text PRIMARY KEY, position integer NOT NULL, draft text NOT NULL)',
};

type RecordBookTables = { record_book: { evidence_id: string; position: number; draft: string } };

/** Makes an empty record book over a storage that has {@link recordBookMigration}. */
export function createRecordBook(ports: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
}): RecordBook {
  const table = (db: Db) => db.withTables<RecordBookTables>();
  let recorded = 0;
  const entries = async (kind?: EvidenceKind): Promise<RecordedEntry[]> => {
    const rows = await table(ports.storage.db)
      .selectFrom('record_book')
      .selectAll()
      .orderBy('position')
      .execute();
    return rows.map(read).filter((entry) => kind === undefined || entry.kind === kind);
  };
  return {
    async record(tx, draft) {
      const evidenceId = newId('evt', ports);
      recorded += 1;
      const text = JSON.stringify({ ...draft, evidenceId });
      const row = { evidence_id: evidenceId, position: recorded, draft: text };
      await table(tx).insertInto('record_book').values(row).execute();
      return evidenceId;
    },
    async durable(evidenceId) {
      const index = (await entries()).findIndex((entry) => entry.evidenceId === evidenceId);
      if (index < 0) throw new Error('durable was asked for an entry that was not committed');
      return { index };
    },
    entries,
    async last(kind) {
      const entry = (await entries(kind)).at(-1);
      if (!entry) throw new Error(`no entry ${kind}`);
      return entry;
    },
  };
}

function read(row: { readonly draft: string }): RecordedEntry {
  // The record book wrote it itself.
  return JSON.parse(row.draft) as RecordedEntry;
}
