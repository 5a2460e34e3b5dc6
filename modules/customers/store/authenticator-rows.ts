import type { RegisteredCredential } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { KeptCredential } from '@proofline/sessions';
import type { Acr } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { CustomerCredential } from '../types.ts';
import { tables, type AuthenticatorsTable } from './tables.ts';

/** A registered credential and what stands beside it in its row. */
export interface NewAuthenticator {
  readonly authenticatorId: Id<'ath'>;
  readonly customerId: Id<'cus'>;
  readonly credential: RegisteredCredential;
  /** The passkey of theirs that vouched for it; absent for the first one, which a link let in. */
  readonly vouched?: {
    readonly by: Id<'ath'>;
    readonly atMost: Acr;
    readonly label: string;
  };
  /** The recovery that let it in, as its customer's only one. */
  readonly recoveryId?: Id<'rcv'>;
  readonly evidenceId: Id<'evt'>;
  readonly at: Date;
}

/** Whose it is goes into every change: no statement changes somebody else's (P1). */
type OwnRow = Pick<CustomerCredential, 'authenticatorId' | 'customerId'>;

const GONE_MAX = 50;

/**
 * SQL of the table `customer_authenticators`: insert and read, note a use, and what its customer does
 * to it. What was removed is found by nobody any more, but for `isTaken` and `listGone`.
 */
export function authenticatorRows(tenant: string) {
  const all = (db: Db) =>
    tables(db).selectFrom('customer_authenticators').selectAll().where('tenant', '=', tenant);
  const from = (db: Db) => all(db).where('removed_at', 'is', null);
  const update = (db: Db, own: OwnRow) =>
    tables(db)
      .updateTable('customer_authenticators')
      .where('tenant', '=', tenant)
      .where('customer_id', '=', own.customerId)
      .where('authenticator_id', '=', own.authenticatorId)
      .where('removed_at', 'is', null);
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

    /** A credential id belongs to one customer for ever (WebAuthn L3 §7.1 step 26). */
    async isTaken(db: Db, credentialId: string): Promise<boolean> {
      const query = all(db).where('credential_id', '=', credentialId);
      return (await query.executeTakeFirst()) !== undefined;
    },

    /** Credential ids of what the customer has removed, newest first. */
    async listGone(db: Db, customerId: Id<'cus'>): Promise<string[]> {
      const query = all(db)
        .where('customer_id', '=', customerId)
        .where('removed_at', 'is not', null)
        .orderBy('removed_at', 'desc')
        .limit(GONE_MAX);
      return (await query.execute()).map((row) => row.credential_id);
    },

    async rename(db: Db, own: OwnRow, label: string): Promise<void> {
      await update(db, own).set({ label }).execute();
    },

    async remove(db: Db, own: OwnRow, at: Date): Promise<void> {
      await update(db, own).set({ removed_at: at }).execute();
    },

    /** False when it was removed meanwhile. */
    async recordUse(
      db: Db,
      own: OwnRow,
      use: { counter: number; backedUp: boolean; at: Date },
    ): Promise<boolean> {
      const result = await update(db, own)
        .set({ counter: use.counter, backed_up: use.backedUp, last_used_at: use.at })
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
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
    vouched_by: row.vouched?.by ?? null,
    at_most: row.vouched?.atMost ?? null,
    label: row.vouched?.label ?? null,
    removed_at: null,
    recovery_id: row.recoveryId ?? null,
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
    registeredAt: row.registered_at,
    lastUsedAt: row.last_used_at ?? undefined,
    label: row.label ?? undefined,
    // An unknown word, after a migration gone wrong, is the weaker level.
    atMost: row.at_most === null ? undefined : row.at_most === 'phrh' ? 'phrh' : 'phr',
  };
}
