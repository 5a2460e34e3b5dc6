import { sql } from 'kysely';
import type { Db } from '../types.ts';

/** A table of ours as the catalog has it, seen by a role. */
export interface WalledTable {
  readonly name: string;
  /** Row-level security is on. */
  readonly secured: boolean;
  /** The role owns it, or can act as who does. */
  readonly owned: boolean;
  readonly rights: readonly string[];
  /** Columns that the role may change; all of them where it may change rows whole. */
  readonly columns: readonly string[];
  /** Policies by name, with their comment: the digest of what they were made from. */
  readonly policies: Readonly<Record<string, WalledPolicy>>;
}

/** A policy as the catalog has it. */
interface WalledPolicy {
  readonly permissive: boolean;
  /** PostgreSQL's own way of writing its condition. */
  readonly using: string | null;
  readonly comment: string | null;
}

/** All rights that there are on a table. */
const RIGHTS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

/**
 * The tables with a tenant, of who owns the register of migrations: another program's tables in the
 * same schema are none of ours.
 */
export async function readTables(db: Db, role: string): Promise<readonly WalledTable[]> {
  const { rows } = await sql<Omit<WalledTable, 'policies'> & { policies: unknown }>`
    select c.relname::text as name,
      c.relrowsecurity as secured,
      pg_has_role(${role}::text, c.relowner, 'MEMBER') as owned,
      array(select r from unnest(${RIGHTS}::text[]) as r
        where has_table_privilege(${role}::text, c.oid, r)) as rights,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
          and has_column_privilege(${role}::text, c.oid, a.attnum, 'UPDATE')) as columns,
      coalesce((select jsonb_object_agg(p.polname, jsonb_build_object(
          'permissive', p.polpermissive,
          'using', pg_get_expr(p.polqual, p.polrelid),
          'comment', obj_description(p.oid, 'pg_policy')))
        from pg_policy p where p.polrelid = c.oid), '{}'::jsonb) as policies
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      and c.relowner = (select m.relowner from pg_class m
        where m.relnamespace = c.relnamespace and m.relname = 'storage_migrations')
      and exists (select 1 from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'tenant' and not a.attisdropped)
    order by c.relname`.execute(db);
  // The query above builds the object.
  return rows.map((row) => ({ ...row, policies: row.policies as WalledTable['policies'] }));
}
