import type { Id } from '@proofline/kernel';
import { among, deleteRows, insertOf, insertRows, type Db } from '@proofline/storage';
import type { CredentialLevel } from '../domain/kept-credential.ts';
import { tablesOf } from './tables.ts';

/** What a sweep found a credential to be worth, where that is not what it was registered as. */
export interface CredentialLevelRow {
  readonly tenant: string;
  readonly authenticator_id: Id<'ath'>;
  readonly level: CredentialLevel;
  readonly evidence_id: Id<'evt'>;
  readonly changed_at: Date;
}

const TABLE = 'session_credential_levels';
const target = {
  table: TABLE,
  columns: {
    tenant: 'text',
    authenticator_id: 'text',
    level: 'text',
    evidence_id: 'text',
    changed_at: 'timestamptz',
  },
} as const;
const keys = { table: TABLE, columns: { tenant: 'text', authenticator_id: 'text' } } as const;

/** What the last change found each of these to be worth; those that never changed are not in it. */
export async function findLevels(
  db: Db,
  tenant: string,
  ids: readonly Id<'ath'>[],
): Promise<ReadonlyMap<Id<'ath'>, CredentialLevelRow>> {
  const rows = await tablesOf(db)
    .selectFrom(TABLE)
    .selectAll()
    .where('tenant', '=', tenant)
    .where(among('authenticator_id', 'text', ids))
    .execute();
  return new Map(rows.map((row) => [row.authenticator_id, row]));
}

/** Writes what credentials are worth now, in the place of what they were. */
export async function writeLevels(db: Db, rows: readonly CredentialLevelRow[]): Promise<void> {
  const which = rows.map(({ tenant, authenticator_id }) => ({ tenant, authenticator_id }));
  await deleteRows(db, insertOf(keys, which));
  await insertRows(db, insertOf(target, rows));
}
