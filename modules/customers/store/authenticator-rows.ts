import type { RegisteredCredential } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { KeptCredential } from '@proofline/sessions';
import type { Db } from '@proofline/storage';
import type { CustomerCredential } from '../types.ts';
import { tables, type AuthenticatorsTable } from './tables.ts';

/** A registered credential and what stands beside it in its row. */
export interface NewAuthenticator {
  readonly authenticatorId: Id<'ath'>;
  readonly customerId: Id<'cus'>;
  readonly credential: RegisteredCredential;
  readonly evidenceId: Id<'evt'>;
  readonly at: Date;
}

/** SQL of the table `customer_authenticators`: insert, read, and note a use. Nothing else (P1). */
export function authenticatorRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('customer_authenticators').selectAll().where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: NewAuthenticator): Promise<void> {
      await tables(db)
        .insertInto('customer_authenticators')
        .values({ ...write(row), tenant })
        .execute();
    },

    async findByCredentialId(
      db: Db,
      credentialId: string,
    ): Promise<CustomerCredential | undefined> {
      const row = await from(db).where('credential_id', '=', credentialId).executeTakeFirst();
      return row && read(row);
    },

    async listOf(db: Db, customerId: Id<'cus'>): Promise<CustomerCredential[]> {
      const rows = await from(db)
        .where('customer_id', '=', customerId)
        .orderBy('authenticator_id')
        .execute();
      return rows.map(read);
    },

    /** In the order of their ids, for the sweep: what a level is judged by. */
    async page(db: Db, after: Id<'ath'> | undefined, limit: number): Promise<KeptCredential[]> {
      const query = from(db).orderBy('authenticator_id').limit(limit);
      const rows = await (after ? query.where('authenticator_id', '>', after) : query).execute();
      return rows.map((row) => ({ ...read(row), subjectId: row.customer_id }));
    },

    async recordUse(
      db: Db,
      use: { authenticatorId: Id<'ath'>; counter: number; backedUp: boolean; at: Date },
    ): Promise<void> {
      await tables(db)
        .updateTable('customer_authenticators')
        .set({ counter: use.counter, backed_up: use.backedUp, last_used_at: use.at })
        .where('tenant', '=', tenant)
        .where('authenticator_id', '=', use.authenticatorId)
        .execute();
    },
  };
}

function write(row: NewAuthenticator): Omit<AuthenticatorsTable, 'tenant'> {
  const { credential } = row;
  return {
    authenticator_id: row.authenticatorId,
    customer_id: row.customerId,
    credential_id: credential.credentialId,
    public_key: credential.publicKey,
    algorithm: credential.algorithm,
    counter: credential.counter,
    backup_eligible: credential.backupEligible,
    backed_up: credential.backedUp,
    aaguid: credential.aaguid,
    acr: credential.acr,
    attestation_format: credential.attestationFormat,
    attestation_object: credential.attestationObject,
    // Unsigned hints of the browser: only words of the registry's form are kept.
    transports: credential.transports.filter((hint) => /^[a-z-]+$/.test(hint)).join(' '),
    user_handle: credential.userHandle,
    evidence_id: row.evidenceId,
    registered_at: row.at,
    last_used_at: null,
  };
}

function read(row: AuthenticatorsTable): CustomerCredential {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    authenticatorId: row.authenticator_id as Id<'ath'>,
    customerId: row.customer_id as Id<'cus'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    algorithm: row.algorithm,
    // A bigint comes as text from one driver and as a number from the other.
    counter: Number(row.counter),
    backupEligible: row.backup_eligible,
    backedUp: row.backed_up,
    aaguid: row.aaguid,
    acr: row.acr === 'phrh' ? 'phrh' : 'phr',
    attestationFormat: row.attestation_format,
    attestationObject: row.attestation_object,
    transports: row.transports === '' ? [] : row.transports.split(' '),
    userHandle: row.user_handle,
  };
}
