import type { RegisteredCredential, StoredCredential } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables, type AuthenticatorsTable } from './tables.ts';

/** A colleague's authenticator. */
export interface AuthenticatorRow extends StoredCredential {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: Id<'stf'>;
  /** The entry `authenticator.registered`. */
  readonly evidenceId: Id<'evt'>;
  readonly registeredAt: Date;
  readonly lastUsedAt: Date | undefined;
}

/** A verified ceremony and the invitation that it used up: the only way to a row. */
export interface NewAuthenticator {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: Id<'stf'>;
  readonly invitationId: Id<'inv'>;
  readonly credential: RegisteredCredential;
  readonly evidenceId: Id<'evt'>;
  readonly at: Date;
}

/** SQL of the table `workforce_authenticators`: insert, read, and note a use. Nothing else (P1). */
export function authenticatorRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('workforce_authenticators').selectAll().where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: NewAuthenticator): Promise<void> {
      await tables(db)
        .insertInto('workforce_authenticators')
        .values({ ...write(row), tenant })
        .execute();
    },

    async findByCredentialId(db: Db, credentialId: string): Promise<AuthenticatorRow | undefined> {
      const row = await from(db).where('credential_id', '=', credentialId).executeTakeFirst();
      return row && read(row);
    },

    async listOf(db: Db, subjectId: Id<'stf'>): Promise<AuthenticatorRow[]> {
      const query = from(db).where('subject_id', '=', subjectId).orderBy('authenticator_id');
      return (await query.execute()).map(read);
    },

    /** True when nobody used the same counter meanwhile: of two equal answers one is a clone's. */
    async recordUse(
      db: Db,
      stored: AuthenticatorRow,
      use: { readonly counter: number; readonly backedUp: boolean; readonly at: Date },
    ): Promise<boolean> {
      const result = await tables(db)
        .updateTable('workforce_authenticators')
        .set({ counter: use.counter, backed_up: use.backedUp, last_used_at: use.at })
        .where('tenant', '=', tenant)
        .where('authenticator_id', '=', stored.authenticatorId)
        .where('counter', '=', stored.counter)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function write(row: NewAuthenticator): Omit<AuthenticatorsTable, 'tenant'> {
  const { credential } = row;
  return {
    authenticator_id: row.authenticatorId,
    subject_id: row.subjectId,
    invitation_id: row.invitationId,
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

function read(row: AuthenticatorsTable): AuthenticatorRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    authenticatorId: row.authenticator_id as Id<'ath'>,
    subjectId: row.subject_id as Id<'stf'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    registeredAt: row.registered_at,
    lastUsedAt: row.last_used_at ?? undefined,
    credentialId: row.credential_id,
    publicKey: row.public_key,
    algorithm: row.algorithm,
    counter: row.counter,
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
