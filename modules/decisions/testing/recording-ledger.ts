import { newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type {
  EvidenceDraft,
  EvidenceListWriter,
  EvidenceReceipts,
  EvidenceTail,
  EvidenceWriter,
} from '@proofline/ledger';
import { ProblemError } from '@proofline/protocol';
import type { Db, Migration, Storage } from '@proofline/storage';

type Tables = { recorded_evidence: { id: string; place: number; draft: EvidenceDraft } };

/** Where the stand-in for the ledger writes. */
export const recordingMigration: Migration = {
  id: 'recording-1',
  why: 'A stand-in for the ledger in tests: entries commit with what they are about, or not at all.',
  sql: 'CREATE TABLE recorded_evidence (id text PRIMARY KEY, place integer NOT NULL, draft jsonb NOT NULL)',
};

/** An evidence writer that keeps drafts in the caller's transaction and says what was waited for. */
export interface RecordingLedger
  extends EvidenceWriter, EvidenceListWriter, EvidenceTail, Pick<EvidenceReceipts, 'logged'> {
  /** Entries whose durability somebody waited for. */
  readonly awaited: Id<'evt'>[];
  /** From now on nothing becomes durable. */
  failDurability(): void;
  /** What happens while somebody waits for the disk. */
  whileAwaited(happens: () => void): void;
  /** Takes every entry away, as in a log that began anew. */
  forget(): Promise<void>;
  drafts(kind?: string): Promise<(EvidenceDraft & { readonly id: string })[]>;
}

export function recordingLedger(
  storage: Storage,
  ports: { readonly clock: Clock; readonly random: Random },
): RecordingLedger {
  const awaited: Id<'evt'>[] = [];
  // Ids of one moment have no order.
  let place = 0;
  let isFailing = false;
  let happens: () => void = () => undefined;
  const rows = (db: Db) => db.withTables<Tables>();
  return {
    awaited,
    failDurability() {
      isFailing = true;
    },
    whileAwaited(what) {
      happens = what;
    },
    async forget() {
      await rows(storage.db).deleteFrom('recorded_evidence').execute();
    },
    async record(tx, draft) {
      const id = newId('evt', ports);
      place += 1;
      await rows(tx).insertInto('recorded_evidence').values({ id, place, draft }).execute();
      return id;
    },
    async recordAll(tx, drafts) {
      const ids: Id<'evt'>[] = [];
      for (const draft of drafts) ids.push(await this.record(tx, draft));
      return ids;
    },
    // Its rows are not the ledger's.
    sealAll: () => undefined,
    async durable(evidenceId) {
      awaited.push(evidenceId);
      happens();
      if (isFailing) throw new ProblemError('evidence.unavailable');
      return { index: awaited.length - 1 };
    },
    async logged(evidenceId) {
      const { index } = await this.durable(evidenceId);
      return { evidenceId, index, leafHash: new Uint8Array(32), proof: [], checkpoint: 'none\n' };
    },
    async newestFacts(kinds, aboutId) {
      const all = await this.drafts();
      const isAbout = ({ refs = {} }: EvidenceDraft) =>
        aboutId === undefined || Object.values(refs).includes(aboutId);
      return all.findLast((one) => kinds.includes(one.kind) && isAbout(one))?.facts;
    },
    async drafts(kind) {
      const all = await rows(storage.db)
        .selectFrom('recorded_evidence')
        .selectAll()
        .orderBy('place')
        .execute();
      return all
        .map(({ id, draft }) => ({ ...draft, id }))
        .filter((draft) => kind === undefined || draft.kind === kind);
    },
  };
}
