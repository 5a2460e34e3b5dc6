import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import type { RetentionClass } from '../types.ts';

interface KeyOwner {
  /** Pseudonym of the data subject. */
  readonly subject: string;
  readonly retention: RetentionClass;
}

/** The keys of personal fields: one per data subject, retention class and month. */
export function createKeyring(context: Context) {
  const { tenant, sealer } = context;
  const { keys: rows } = context.rows;
  return {
    /** A lookup for the keys of these owners; makes those that are missing, in the transaction. */
    async of(
      tx: Db,
      owners: readonly KeyOwner[],
      month: string,
    ): Promise<(subject: string, retention: string) => Uint8Array> {
      const keys = new Map<string, Uint8Array>();
      if (owners.length > 0) {
        const subjects = owners.map(({ subject }) => subject);
        for (const row of await rows.ofSubjects(tx, subjects, month)) {
          const key = sealer.openKey(row.sealed_key, places.key(tenant, row));
          keys.set(`${row.subject} ${row.retention}`, key);
        }
        const missing = owners.filter((one) => !keys.has(`${one.subject} ${one.retention}`));
        const made = missing.map(({ subject, retention }) => {
          const owner = { subject, retention, month };
          const { key, sealed } = sealer.newKey(places.key(tenant, owner));
          keys.set(`${subject} ${retention}`, key);
          return { ...owner, sealed_key: sealed };
        });
        if (made.length > 0) await rows.insert(tx, made);
      }
      return (subject, retention) => {
        const key = keys.get(`${subject} ${retention}`);
        if (!key) throw new RangeError('no key was asked for this data subject');
        return key;
      };
    },
  };
}
