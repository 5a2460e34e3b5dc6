import { sql } from 'kysely';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Db } from '../types.ts';
import { readTables, type WalledTable } from './read-tables.ts';
import { settings, type TableWall } from './wall-rules.ts';

/** How PostgreSQL writes the condition of the tenant's policy. */
const TENANT_IS = `(tenant = current_setting('${settings.tenant}'::text, true))`;

/**
 * What is wrong with the wall, seen from a working connection: sentences for the operator, none when
 * it stands.
 */
export async function inspectWall(
  db: Db,
  tenant: string,
  rulesOf: (table: string) => TableWall,
): Promise<readonly string[]> {
  const who = await identify(db);
  const faults: string[] = [];
  if (who.superuser) faults.push(`the role ${who.name} is a superuser`);
  if (who.bypasses) faults.push(`the role ${who.name} has BYPASSRLS`);
  if (who.tenant !== tenant)
    faults.push('the connection does not keep the tenant that it was given');
  const tables = await readTables(db, who.name);
  if (tables.length === 0) faults.push(`the role ${who.name} sees no tables of Proofline`);
  return [...faults, ...tables.flatMap((table) => faultsOf(table, rulesOf(table.name)))];
}

interface Identity {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypasses: boolean;
  readonly tenant: string | null;
}

async function identify(db: Db): Promise<Identity> {
  const { rows } = await sql<Identity>`
    select rolname::text as name, rolsuper as superuser, rolbypassrls as bypasses,
      current_setting(${settings.tenant}, true) as tenant
    from pg_roles where rolname = current_user`.execute(db);
  const [found] = rows;
  if (!found) throw new Error('the current role is not in the catalog');
  return found;
}

function faultsOf(table: WalledTable, rules: TableWall): string[] {
  const { name, policies, rights } = table;
  const faults: string[] = [];
  if (table.owned) faults.push(`${name} belongs to the working role`);
  if (!table.secured) faults.push(`${name} has no row-level security`);
  const wanted = new Set<string>(['SELECT', 'INSERT', ...rules.rights]);
  const tooMany = rights.filter((right) => !wanted.has(right));
  if (tooMany.length > 0) faults.push(`the working role may ${tooMany.join(', ')} on ${name}`);
  if (!wanted.has('UPDATE')) {
    const open = table.columns.filter((column) => !rules.columns.includes(column));
    if (open.length > 0) faults.push(`the working role may change ${open.join(', ')} of ${name}`);
  }
  if (policies['wall_tenant']?.using !== TENANT_IS) {
    faults.push(`the policy wall_tenant of ${name} is not ours`);
  }
  for (const { name: policy, sql: text } of rules.policies) {
    if (policies[policy]?.comment !== sha256Base64url(text)) {
      faults.push(`the policy ${policy} of ${name} is missing or another one`);
    }
  }
  // Permissive policies are joined by OR: one more would open what ours closes.
  const opening = Object.entries(policies).filter(
    ([policy, { permissive }]) => permissive && policy !== 'wall_tenant',
  );
  if (opening.length > 0) faults.push(`${name} has a further policy that opens rows`);
  return faults;
}
