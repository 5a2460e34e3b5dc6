import { sql } from 'kysely';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Db } from '../types.ts';
import { readTables, type WalledTable } from './read-tables.ts';
import type { TableWall } from './wall-rules.ts';

/**
 * Brings rights and policies of every table to what the rules say, as the owner of the tables. What
 * is so already is left alone: each change locks its table for a moment.
 */
export async function raiseWall(
  tx: Db,
  role: string,
  rulesOf: (table: string) => TableWall,
): Promise<void> {
  await grantSchema(tx, role);
  const tables = await readTables(tx, role);
  for (const table of tables) {
    const rules = rulesOf(table.name);
    await setRights(tx, { table, role, wanted: ['SELECT', 'INSERT', ...rules.rights] });
    if (!rules.rights.includes('UPDATE')) {
      await setColumns(tx, { table, role, columns: rules.columns });
    }
    for (const policy of rules.policies) {
      const digest = sha256Base64url(policy.sql);
      const existing = table.policies[policy.name];
      if (existing?.comment === digest) continue;
      const [name, on] = [sql.ref(policy.name), sql.table(table.name)];
      if (existing) await sql`drop policy ${name} on ${on}`.execute(tx);
      await sql`create policy ${name} on ${on} ${sql.raw(policy.sql)}`.execute(tx);
      await sql`comment on policy ${name} on ${on} is ${sql.lit(digest)}`.execute(tx);
    }
    if (!table.secured) {
      await sql`alter table ${sql.table(table.name)} enable row level security`.execute(tx);
    }
  }
}

/** Lets a role see the tables at all. */
export async function grantSchema(tx: Db, role: string): Promise<void> {
  const { rows } = await sql<{ schema: string; usable: boolean; readable: boolean }>`
    select current_schema()::text as schema,
      has_schema_privilege(${role}::text, current_schema(), 'USAGE') as usable,
      has_table_privilege(${role}::text, 'storage_migrations', 'SELECT') as readable`.execute(tx);
  const [found] = rows;
  if (found && !found.usable) {
    await sql`grant usage on schema ${sql.id(found.schema)} to ${sql.id(role)}`.execute(tx);
  }
  if (found && !found.readable) {
    await sql`grant select on storage_migrations to ${sql.id(role)}`.execute(tx);
  }
}

/** Gives a role exactly these rights on a table. */
export async function setRights(
  tx: Db,
  {
    table,
    role,
    wanted,
  }: { readonly table: WalledTable; readonly role: string; readonly wanted: readonly string[] },
): Promise<void> {
  const on = sql.table(table.name);
  const tooMany = table.rights.filter((right) => !wanted.includes(right));
  const missing = wanted.filter((right) => !table.rights.includes(right));
  if (tooMany.length > 0) {
    await sql`revoke ${sql.raw(tooMany.join(', '))} on ${on} from ${sql.id(role)}`.execute(tx);
  }
  if (missing.length > 0) {
    await sql`grant ${sql.raw(missing.join(', '))} on ${on} to ${sql.id(role)}`.execute(tx);
  }
}

/** Lets a role change exactly these columns of a table whose rows it may not change whole. */
export async function setColumns(
  tx: Db,
  {
    table,
    role,
    columns,
  }: { readonly table: WalledTable; readonly role: string; readonly columns: readonly string[] },
): Promise<void> {
  const on = sql.table(table.name);
  // Where rows could be changed whole, that was taken back just now, and with it every column.
  const open = table.rights.includes('UPDATE') ? [] : table.columns;
  const tooMany = open.filter((column) => !columns.includes(column));
  const missing = columns.filter((column) => !open.includes(column));
  const listed = (names: readonly string[]) => sql.join(names.map((one) => sql.ref(one)));
  if (tooMany.length > 0) {
    await sql`revoke update (${listed(tooMany)}) on ${on} from ${sql.id(role)}`.execute(tx);
  }
  if (missing.length > 0) {
    await sql`grant update (${listed(missing)}) on ${on} to ${sql.id(role)}`.execute(tx);
  }
}
