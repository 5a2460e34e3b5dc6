import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import type { SealKey } from '../domain/seal.ts';
import type { KeyRow } from '../store/key-rows.ts';
import type { RetentionClass } from '../types.ts';
import { committedCache } from './committed-cache.ts';

const CACHED_MAX = 5_000;

/** Whose fields a key seals. */
export interface KeyOwner {
  /** Pseudonym of the data subject. */
  readonly subject: string;
  readonly retention: RetentionClass;
}

/** What the keys are for: an entry that is being recorded. */
interface Sealing {
  readonly tx: Db;
  readonly evidenceId: string;
  /** `2026-11` */
  readonly month: string;
}

/** The key of an owner that was asked for. */
export type KeyLookup = (owner: KeyOwner) => SealKey;

/**
 * The keys of personal fields: one per data subject, retention class and month. Known ones from
 * memory, unknown ones inserted first, for the reason that {@link createPseudonyms} gives.
 */
export function createKeyring(context: Context) {
  const { tenant, sealer } = context;
  const { keys: rows } = context.rows;
  const cache = committedCache<SealKey>(CACHED_MAX);

  async function insertOrFind(
    { tx, month }: Sealing,
    owners: readonly KeyOwner[],
  ): Promise<ReadonlyMap<string, SealKey>> {
    const keys = new Map<string, SealKey>();
    const made = owners.map(({ subject, retention }) => {
      const owner = { subject, retention, month };
      const { key, sealed } = sealer.newKey(places.key(tenant, owner));
      return { row: { ...owner, sealed_key: sealed }, key };
    });
    const inserted = new Set(
      (
        await rows.insert(
          tx,
          // In one order, as the pseudonyms.
          made.map(({ row }) => row).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
        )
      ).map(nameOf),
    );
    for (const { row, key } of made) if (inserted.has(nameOf(row))) keys.set(nameOf(row), key);
    const earlier = made.filter(({ row }) => !keys.has(nameOf(row)));
    if (earlier.length === 0) return keys;
    const subjects = earlier.map(({ row }) => row.subject);
    for (const row of await rows.ofSubjects(tx, subjects, month)) {
      keys.set(nameOf(row), sealer.openKey(row.sealed_key, places.key(tenant, row)));
    }
    return keys;
  }

  return {
    /** A lookup for the keys of these owners; makes those that are missing, in the transaction. */
    async of(sealing: Sealing, owners: readonly KeyOwner[]): Promise<KeyLookup> {
      const { month } = sealing;
      const isUnknown = (owner: KeyOwner) => cache.get(nameOf({ ...owner, month })) === undefined;
      const unknown = owners.filter(isUnknown);
      const found =
        unknown.length > 0 ? await insertOrFind(sealing, unknown) : new Map<string, SealKey>();
      cache.propose(sealing.evidenceId, found);
      return (owner) => {
        const name = nameOf({ ...owner, month });
        const key = cache.get(name) ?? found.get(name);
        if (!key) throw new RangeError('no key was asked for this data subject');
        return key;
      };
    },
    /** {@link of} without a look into the database; `undefined` where a key is not in memory. */
    remembered(month: string, owners: readonly KeyOwner[]): KeyLookup | undefined {
      const names = owners.map((owner) => nameOf({ ...owner, month }));
      const keys = new Map(names.map((name) => [name, cache.get(name)]));
      const lookup: KeyLookup = (owner) => keys.get(nameOf({ ...owner, month }))!;
      return names.every((name) => keys.get(name)) ? lookup : undefined;
    },
    /** The entry is in the log: what its transaction wrote may be remembered. */
    confirm: (evidenceId: string) => cache.confirm(evidenceId),
    /** Keys may have been destroyed: none is in memory any more. */
    forget: () => cache.clear(),
  };
}

function nameOf(row: Omit<KeyRow, 'sealed_key'>): string {
  return `${row.subject} ${row.retention} ${row.month}`;
}
