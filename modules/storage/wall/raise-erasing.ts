import { StorageError } from '../database-error.ts';
import type { Db } from '../types.ts';
import { grantSchema, setColumns, setRights } from './raise-wall.ts';
import { readTables } from './read-tables.ts';
import type { TableWall } from './wall-rules.ts';

/** What erasing needs of a table, as rights: it reads what it removes, and adds nothing. */
function wantedOf({ erased }: TableWall): { rights: string[]; columns: readonly string[] } {
  if (!erased) return { rights: [], columns: [] };
  return {
    rights: ['SELECT', ...(erased.rows ? ['DELETE'] : [])],
    columns: erased.columns ?? [],
  };
}

/** Brings the rights of the role of erasures to what the migrations say, as the owner of the tables. */
export async function raiseErasing(
  tx: Db,
  role: string,
  rulesOf: (table: string) => TableWall,
): Promise<void> {
  await grantSchema(tx, role);
  for (const table of await readTables(tx, role)) {
    const { rights, columns } = wantedOf(rulesOf(table.name));
    await setRights(tx, { table, role, wanted: rights });
    await setColumns(tx, { table, role, columns });
  }
}

/** @throws StorageError when the role of erasures may anything else than erase what it should. */
export async function inspectErasing(
  db: Db,
  role: string,
  rulesOf: (table: string) => TableWall,
): Promise<void> {
  const faults = (await readTables(db, role)).flatMap((table) => {
    const wanted = wantedOf(rulesOf(table.name));
    const [have, should] = [[...table.rights], [...wanted.rights]].map((list) =>
      list.toSorted().join(', '),
    );
    const columns = table.columns.toSorted().join(', ');
    return [
      ...(table.owned ? [`${table.name} belongs to the role of erasures`] : []),
      ...(have === should ? [] : [`it may ${have || 'nothing'} on ${table.name}`]),
      ...(columns === wanted.columns.toSorted().join(', ')
        ? []
        : [`it may change ${columns} of ${table.name}`]),
    ];
  });
  if (faults.length === 0) return;
  throw new StorageError(
    `the role of erasures, ${role}, is not as it must be: ${faults.slice(0, 5).join('; ')}`,
  );
}
