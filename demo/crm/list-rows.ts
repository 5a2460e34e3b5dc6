import type { DatabaseSync } from 'node:sqlite';
import type { ListChange } from './acts.ts';
import type { ListName, ListRow } from './lists.ts';

/** The lists of records in the CRM's database. */
export function listRows(db: DatabaseSync) {
  const list = (accountNumber: string, name: ListName): ListRow[] =>
    db
      .prepare(
        'SELECT record FROM rows_of_lists WHERE account_number = ? AND list = ? ORDER BY row_id',
      )
      .all(accountNumber, name)
      // Written below, and by the seed, as the JSON of this type.
      .map((row) => JSON.parse(String(row['record'])) as ListRow);
  return {
    list,
    /** False where the row that is to be changed is none of this customer's. */
    change(accountNumber: string, { list: name, id, prefix, fields }: ListChange): boolean {
      const rows = list(accountNumber, name);
      const known = rows.find((row) => row.id === id);
      if (id !== undefined && !known) return false;
      const newId = `${prefix}-${accountNumber.slice(3)}-${rows.length + 1}`;
      const row = { id: newId, ...known, ...fields };
      db.prepare('INSERT OR REPLACE INTO rows_of_lists VALUES (?, ?, ?, ?)').run(
        accountNumber,
        name,
        row.id,
        JSON.stringify(row),
      );
      return true;
    },
  };
}
