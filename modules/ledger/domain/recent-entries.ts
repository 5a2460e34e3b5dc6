import type { EvidenceEntry } from '@proofline/evidence';

/** What of an entry gives it its place in the log, and what it is found by. */
export type PlacedEntry = Pick<
  EvidenceEntry,
  'id' | 'kind' | 'at' | 'causes' | 'refs' | 'subjects'
>;

/** An entry as this process recorded it: its row in the outbox, and what that says. */
export interface RecentEntry {
  readonly leaf: string;
  readonly mac: string;
  readonly entry: PlacedEntry;
}

/** Entries of transactions that were rolled back fall out, as the oldest do. */
const LEAVES_MAX_CHARS = 4 * 2 ** 20;

/**
 * What this process recorded and has not seen in the log yet, so that its sequencer need not read what it
 * wrote: a row of the outbox that is the same to the letter says what it was written to say.
 */
export class RecentEntries {
  readonly #all = new Map<string, RecentEntry>();
  #chars = 0;

  keep(one: RecentEntry): void {
    this.#all.set(one.entry.id, one);
    this.#chars += one.leaf.length;
    for (const oldest of this.#all.keys()) {
      if (this.#chars <= LEAVES_MAX_CHARS) return;
      this.drop(oldest);
    }
  }

  /** The entry of a row, where the row is as it was recorded. */
  find(evidenceId: string, row: Pick<RecentEntry, 'leaf' | 'mac'>): PlacedEntry | undefined {
    const known = this.#all.get(evidenceId);
    return known?.leaf === row.leaf && known.mac === row.mac ? known.entry : undefined;
  }

  drop(evidenceId: string): void {
    const known = this.#all.get(evidenceId);
    if (known === undefined) return;
    this.#all.delete(evidenceId);
    this.#chars -= known.leaf.length;
  }
}
