import type { Id } from '@proofline/kernel';
import type { CustomerDatum } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ConsentRow } from '../domain/consent-row.ts';
import type { ApplicationRow } from '../../applications/store/application-rows.ts';
import { nameDigest, sealOf, type ConsentKeeper } from '../domain/consent-seal.ts';
import { pairwiseName } from '../domain/pairwise-name.ts';

// Every id was minted by Proofline before it was stored, so the columns bear their brands.
type ConsentTable = {
  tenant: string;
  customer_id: Id<'cus'>;
  application_id: Id<'app'>;
  /** Separated by spaces. */
  learns: string;
  terms_digest: string;
  agreed_at: Date;
  evidence_id: Id<'evt'>;
  seal: string;
  /** Leads from the name that the application has for them. */
  found_by: string | null;
};

const tables = (db: Db) => db.withTables<{ session_consents: ConsentTable }>();

type Of = Pick<ConsentRow, 'customerId' | 'applicationId'>;

/** `undefined`: it is not as `upsertConsent` has written it. */
function rowOf(keeper: ConsentKeeper, row: ConsentTable): ConsentRow | undefined {
  const consent: ConsentRow = {
    customerId: row.customer_id,
    applicationId: row.application_id,
    // What bears the seal was written by `upsertConsent`.
    learns: row.learns.split(' ').filter(Boolean) as CustomerDatum[],
    termsDigest: row.terms_digest,
    agreedAt: row.agreed_at,
    evidenceId: row.evidence_id,
  };
  return row.seal === sealOf(keeper, consent) ? consent : undefined;
}

/** `undefined`: they have not agreed, or took it back. */
export async function findConsent(
  db: Db,
  keeper: ConsentKeeper,
  { applicationId, customerId }: Of,
): Promise<ConsentRow | undefined> {
  const row = await tables(db)
    .selectFrom('session_consents')
    .selectAll()
    .where('tenant', '=', keeper.tenant)
    .where('customer_id', '=', customerId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  return row && rowOf(keeper, row);
}

type Application = Pick<ApplicationRow, 'applicationId' | 'settings'>;

/** The customer whom this application calls so, and who agrees to it still. */
export async function findNamed(
  db: Db,
  keeper: ConsentKeeper,
  { application, name }: { readonly application: Application; readonly name: string },
): Promise<Id<'cus'> | undefined> {
  const { applicationId } = application;
  const row = await tables(db)
    .selectFrom('session_consents')
    .selectAll()
    .where('tenant', '=', keeper.tenant)
    .where('application_id', '=', applicationId)
    .where('found_by', '=', nameDigest(keeper, applicationId, name))
    .executeTakeFirst();
  return row && rowOf(keeper, row)?.customerId;
}

/** Lets the application’s name for a customer lead to what they have agreed to. */
export async function noteName(
  db: Db,
  keeper: ConsentKeeper,
  {
    application,
    customerId,
  }: { readonly application: Application; readonly customerId: Id<'cus'> },
): Promise<void> {
  const { applicationId } = application;
  const name = pairwiseName(keeper, application, customerId);
  await tables(db)
    .updateTable('session_consents')
    .set({ found_by: nameDigest(keeper, applicationId, name) })
    .where('tenant', '=', keeper.tenant)
    .where('customer_id', '=', customerId)
    .where('application_id', '=', applicationId)
    .where('found_by', 'is', null)
    .execute();
}

/** The newest first. */
export async function listConsents(
  db: Db,
  keeper: ConsentKeeper,
  customerId: Id<'cus'>,
): Promise<ConsentRow[]> {
  const rows = await tables(db)
    .selectFrom('session_consents')
    .selectAll()
    .where('tenant', '=', keeper.tenant)
    .where('customer_id', '=', customerId)
    .orderBy('agreed_at', 'desc')
    .execute();
  return rows.flatMap((row) => rowOf(keeper, row) ?? []);
}

/** What was agreed to last takes the place of what was agreed to before. */
export async function upsertConsent(db: Db, keeper: ConsentKeeper, row: ConsentRow): Promise<void> {
  const agreed = {
    learns: row.learns.join(' '),
    terms_digest: row.termsDigest,
    agreed_at: row.agreedAt,
    evidence_id: row.evidenceId,
    seal: sealOf(keeper, row),
  };
  await tables(db)
    .insertInto('session_consents')
    .values({
      ...agreed,
      tenant: keeper.tenant,
      customer_id: row.customerId,
      application_id: row.applicationId,
    })
    .onConflict((conflict) =>
      conflict.columns(['tenant', 'customer_id', 'application_id']).doUpdateSet(agreed),
    )
    .execute();
}

/** Takes the row; `undefined` where there is none that anybody agreed to. */
export async function takeConsent(
  db: Db,
  keeper: ConsentKeeper,
  { applicationId, customerId }: Of,
): Promise<ConsentRow | undefined> {
  const row = await tables(db)
    .deleteFrom('session_consents')
    .where('tenant', '=', keeper.tenant)
    .where('customer_id', '=', customerId)
    .where('application_id', '=', applicationId)
    .returningAll()
    .executeTakeFirst();
  return row && rowOf(keeper, row);
}

/** Of an application that is removed. */
export async function deleteConsentsOf(
  db: Db,
  { tenant }: ConsentKeeper,
  applicationId: Id<'app'>,
): Promise<void> {
  await tables(db)
    .deleteFrom('session_consents')
    .where('tenant', '=', tenant)
    .where('application_id', '=', applicationId)
    .execute();
}
