import type { Id } from '@proofline/kernel';
import type { ApplicationPolicy, ApplicationSettings, Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { sql } from 'kysely';
import { tablesOf, type ApplicationRowRead } from '../../store/tables.ts';

/** An application as it is kept. */
export interface ApplicationRow {
  readonly applicationId: Id<'app'>;
  readonly name: string;
  readonly realm: Realm;
  readonly policy: ApplicationPolicy;
  readonly settings: ApplicationSettings;
  readonly version: number;
  /** Absent: whoever runs the server. */
  readonly registeredBy: Id<'stf'> | undefined;
  readonly registeredAt: Date;
  readonly changedAt: Date;
  readonly suspendedAt: Date | undefined;
  readonly lastUsedAt: Date | undefined;
  /** The newest entry about it. */
  readonly evidenceId: Id<'evt'>;
}

/** Those that were not removed, suspended ones too. */
const kept = (db: Db, tenant: string) =>
  tablesOf(db)
    .selectFrom('session_applications')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('removed_at', 'is', null);

export async function findApplication(
  db: Db,
  tenant: string,
  applicationId: Id<'app'>,
): Promise<ApplicationRow | undefined> {
  const row = await kept(db, tenant).where('application_id', '=', applicationId).executeTakeFirst();
  return row && readRow(row);
}

/** The one that speaks SAML under this entity id. */
export async function findSamlApplication(
  db: Db,
  tenant: string,
  entityId: string,
): Promise<ApplicationRow | undefined> {
  const row = await kept(db, tenant)
    .where('protocol', '=', 'saml')
    .where(sql`settings ->> 'entityId'`, '=', entityId)
    .executeTakeFirst();
  return row && readRow(row);
}

/** Those lately used first, then the newest. */
export async function listApplicationRows(db: Db, tenant: string): Promise<ApplicationRow[]> {
  const rows = await kept(db, tenant)
    .orderBy(sql`last_used_at desc nulls last`)
    .orderBy('registered_at', 'desc')
    .execute();
  return rows.map(readRow);
}

/** Of those with this name, whatever its capitals. */
export async function findApplicationNamed(
  db: Db,
  tenant: string,
  name: string,
): Promise<ApplicationRow | undefined> {
  const row = await kept(db, tenant)
    .where(sql`lower(name)`, '=', name.toLowerCase())
    .executeTakeFirst();
  return row && readRow(row);
}

export async function countApplications(db: Db, tenant: string): Promise<number> {
  const { count } = await tablesOf(db)
    .selectFrom('session_applications')
    .select(({ fn }) => fn.countAll().as('count'))
    .where('tenant', '=', tenant)
    .where('removed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}

const postureOf = ({ boundToDevice, modes }: ApplicationPolicy) => ({
  ...(boundToDevice && { boundToDevice }),
  ...(modes && { modes }),
});

function columnsOf(row: ApplicationRow) {
  const { policy, settings } = row;
  return {
    name: row.name,
    protocol: settings.protocol,
    realm: row.realm,
    acr: policy.acr,
    max_age_seconds: policy.maxAgeSeconds ?? null,
    posture: JSON.stringify(postureOf(policy)),
    settings: JSON.stringify(settings),
    version: row.version,
    changed_at: row.changedAt,
    suspended_at: row.suspendedAt ?? null,
    evidence_id: row.evidenceId,
  };
}

export async function insertApplication(
  db: Db,
  tenant: string,
  row: ApplicationRow,
): Promise<void> {
  const values = {
    ...columnsOf(row),
    tenant,
    application_id: row.applicationId,
    registered_by: row.registeredBy ?? null,
    registered_at: row.registeredAt,
    removed_at: null,
    last_used_at: null,
  };
  await tablesOf(db).insertInto('session_applications').values(values).execute();
}

/** Writes what may change; its use is written by {@link noteUse} alone. */
export async function updateApplication(
  db: Db,
  tenant: string,
  row: ApplicationRow,
): Promise<void> {
  await tablesOf(db)
    .updateTable('session_applications')
    .set(columnsOf(row))
    .where('tenant', '=', tenant)
    .where('application_id', '=', row.applicationId)
    .where('removed_at', 'is', null)
    .execute();
}

export async function removeApplicationRow(
  db: Db,
  tenant: string,
  removed: Pick<ApplicationRow, 'applicationId' | 'evidenceId'> & { readonly at: Date },
): Promise<void> {
  await tablesOf(db)
    .updateTable('session_applications')
    .set({ removed_at: removed.at, evidence_id: removed.evidenceId })
    .where('tenant', '=', tenant)
    .where('application_id', '=', removed.applicationId)
    .execute();
}

/** Somebody used it now. */
export async function noteUse(
  db: Db,
  tenant: string,
  used: Pick<ApplicationRow, 'applicationId'> & { readonly at: Date },
): Promise<void> {
  await tablesOf(db)
    .updateTable('session_applications')
    .set({ last_used_at: used.at })
    .where('tenant', '=', tenant)
    .where('application_id', '=', used.applicationId)
    .execute();
}

/** This session was used for this application, whose end is to be told there. */
export async function rememberUse(
  db: Db,
  tenant: string,
  used: Pick<ApplicationRow, 'applicationId'> & {
    readonly sessionId: Id<'ses'>;
    readonly at: Date;
  },
): Promise<void> {
  await tablesOf(db)
    .insertInto('session_application_uses')
    .values({
      tenant,
      session_id: used.sessionId,
      application_id: used.applicationId,
      first_used_at: used.at,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'session_id', 'application_id']).doNothing(),
    )
    .execute();
}

function readRow(row: ApplicationRowRead): ApplicationRow {
  return {
    applicationId: row.application_id,
    name: row.name,
    realm: row.realm,
    policy: {
      acr: row.acr,
      ...(row.max_age_seconds !== null && { maxAgeSeconds: row.max_age_seconds }),
      ...row.posture,
    },
    settings: row.settings,
    version: row.version,
    registeredBy: row.registered_by ?? undefined,
    registeredAt: row.registered_at,
    changedAt: row.changed_at,
    suspendedAt: row.suspended_at ?? undefined,
    lastUsedAt: row.last_used_at ?? undefined,
    evidenceId: row.evidence_id,
  };
}
