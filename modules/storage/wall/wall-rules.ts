import type { ErasingRights, Migration } from '../types.ts';

/** The login or role under which a walled server works where it has no login of its own for it. */
export const WORKING_ROLE = 'proofline_working';
/** The role that a server takes on to erase, where it has no login of its own for that. */
export const ERASING_ROLE = 'proofline_erasing';

/**
 * What the policies of the wall read: the tenant of the process, and, within `confined`, the reader
 * and the desk. Unset, they are NULL or empty.
 */
export const settings = {
  tenant: 'proofline.tenant',
  reader: 'proofline.reader',
  desk: 'proofline.desk',
} as const;

/** A right of the working role beyond reading and adding. */
export type Right = 'UPDATE' | 'DELETE';

/** A row-level policy as it should be. */
export interface WallPolicy {
  readonly name: 'wall_tenant' | 'wall_desk';
  /** All after `CREATE POLICY name ON table`. */
  readonly sql: string;
}

/** What the wall says of one table. */
export interface TableWall {
  readonly rights: readonly Right[];
  /** Columns that it may change although it may not change rows whole. */
  readonly columns: readonly string[];
  readonly policies: readonly WallPolicy[];
  /** What the role of erasures may, and no other. */
  readonly erased: ErasingRights | undefined;
}

/** The rules of all migrations, by table. */
export function readRules(
  migrations: readonly Pick<Migration, 'wall'>[],
): (table: string) => TableWall {
  const kept = new Map(migrations.flatMap(({ wall }) => Object.entries(wall?.kept ?? {})));
  const changing = new Map(migrations.flatMap(({ wall }) => Object.entries(wall?.changing ?? {})));
  const desks = new Map(migrations.flatMap(({ wall }) => Object.entries(wall?.desks ?? {})));
  const erased = new Map(migrations.flatMap(({ wall }) => Object.entries(wall?.erased ?? {})));
  return (table) => {
    const desk = desks.get(table);
    return {
      rights: changing.has(table) ? [] : rightsBy[kept.get(table) ?? 'nothing'],
      columns: changing.get(table) ?? [],
      policies: [tenantPolicy, ...(desk === undefined ? [] : [deskPolicy(desk)])],
      erased: erased.get(table),
    };
  };
}

const rightsBy = {
  nothing: ['UPDATE', 'DELETE'],
  'append-only': [],
  'never-removed': ['UPDATE'],
  'never-changed': ['DELETE'],
} as const satisfies Record<string, readonly Right[]>;

/** A setting in SQL; NULL where nobody set it. */
const read = (setting: string): string => `current_setting('${setting}', true)`;

// Without a tenant the comparison is NULL: no row is seen, and none can be written.
const tenantPolicy: WallPolicy = {
  name: 'wall_tenant',
  sql: `AS PERMISSIVE FOR ALL USING (tenant = ${read(settings.tenant)})`,
};

/** Narrows within `confined` only: a custom setting is empty, not NULL, once it was set. */
function deskPolicy(condition: string): WallPolicy {
  const meant = condition
    .replaceAll(':desk', read(settings.desk))
    .replaceAll(':reader', read(settings.reader));
  const open = `coalesce(${read(settings.desk)}, '') = ''`;
  return { name: 'wall_desk', sql: `AS RESTRICTIVE FOR SELECT USING (${open} OR ${meant})` };
}
