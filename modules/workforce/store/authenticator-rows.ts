import { type RegisteredCredential, type StoredCredential, lowerAcr } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import type { KeptCredential } from '@proofline/sessions';
import { compileOnce, type Db } from '@proofline/storage';
import { tables, type AuthenticatorsTable } from './tables.ts';

/** A colleague's authenticator. */
export interface AuthenticatorRow extends StoredCredential {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: Id<'stf'>;
  /** The entry `authenticator.registered`. */
  readonly evidenceId: Id<'evt'>;
  readonly registeredAt: Date;
  readonly lastUsedAt: Date | undefined;
  /** What its owner calls it. */
  readonly label: string | undefined;
  /** It counts as no more than this, because one of this level vouched for it. */
  readonly atMost: Acr | undefined;
  /** What it counted as when it was last used; at first, when it was registered. */
  readonly countsAs: Acr;
}

/** What let an authenticator in: the link of the first day, one that its subject had before, or a recovery. */
export type LetIn =
  | { readonly invitationId: Id<'inv'> }
  | { readonly recoveryId: Id<'rcv'> }
  | { readonly vouchedBy: Id<'ath'>; readonly atMost: Acr; readonly label: string };

/** A verified ceremony and what let it in: the only way to a row. */
export interface NewAuthenticator {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: Id<'stf'>;
  readonly letIn: LetIn;
  readonly credential: RegisteredCredential;
  readonly evidenceId: Id<'evt'>;
  readonly at: Date;
}

/**
 * SQL of the table `workforce_authenticators`: insert and read, note a use, and what its subject does
 * to it. Whatever was removed is found by nobody any more, but for `isTaken` and `listGone`.
 */
export function authenticatorRows(tenant: string) {
  const all = (db: Db) =>
    tables(db).selectFrom('workforce_authenticators').selectAll().where('tenant', '=', tenant);
  const from = (db: Db) => all(db).where('removed_at', 'is', null);
  const update = (db: Db, own: OwnRow) =>
    tables(db)
      .updateTable('workforce_authenticators')
      .where('tenant', '=', tenant)
      .where('subject_id', '=', own.subjectId)
      .where('authenticator_id', '=', own.authenticatorId)
      .where('removed_at', 'is', null);
  const byCredentialId = compileOnce(
    (db: Db, { credentialId }: Pick<AuthenticatorRow, 'credentialId'>) =>
      from(db).where('credential_id', '=', credentialId),
  );
  return {
    async insert(db: Db, row: NewAuthenticator): Promise<void> {
      await tables(db)
        .insertInto('workforce_authenticators')
        .values({ ...write(row), tenant })
        .execute();
    },

    async findByCredentialId(db: Db, credentialId: string): Promise<AuthenticatorRow | undefined> {
      const [row] = (await byCredentialId(db, { credentialId })).rows;
      return row && read(row);
    },

    async listOf(db: Db, subjectId: Id<'stf'>): Promise<AuthenticatorRow[]> {
      const query = from(db).where('subject_id', '=', subjectId).orderBy('authenticator_id');
      return (await query.execute()).map(read);
    },

    /** A credential id belongs to one subject for ever (WebAuthn L3 §7.1 step 26). */
    async isTaken(db: Db, credentialId: string): Promise<boolean> {
      const query = all(db).where('credential_id', '=', credentialId);
      return (await query.executeTakeFirst()) !== undefined;
    },

    /** Credential ids of what the subject has removed, newest first. */
    async listGone(db: Db, subjectId: Id<'stf'>): Promise<string[]> {
      const query = all(db)
        .where('subject_id', '=', subjectId)
        .where('removed_at', 'is not', null)
        .orderBy('removed_at', 'desc')
        .limit(GONE_MAX);
      return (await query.execute()).map((row) => row.credential_id);
    },

    async rename(db: Db, own: OwnRow, label: string): Promise<boolean> {
      const result = await update(db, own).set({ label }).executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async remove(db: Db, own: OwnRow, at: Date): Promise<boolean> {
      const result = await update(db, own).set({ removed_at: at }).executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** Notes what a sweep found it to count as; `undefined` when it was removed meanwhile. */
    async noteLevel(db: Db, own: OwnRow, countsAs: Acr): Promise<AuthenticatorRow | undefined> {
      const row = await update(db, own)
        .set({ counts_as: countsAs })
        .returningAll()
        .executeTakeFirst();
      return row && read(row);
    },

    /** In the order of their ids, for the sweep: what a level is judged by. */
    async page(db: Db, after: Id<'ath'> | undefined, limit: number): Promise<KeptCredential[]> {
      const query = from(db).orderBy('authenticator_id').limit(limit);
      const rows = await (after ? query.where('authenticator_id', '>', after) : query).execute();
      return rows.map(read);
    },

    /** True when nobody used the same counter meanwhile: of two equal answers one is a clone's. */
    async recordUse(
      db: Db,
      stored: AuthenticatorRow,
      use: {
        readonly counter: number;
        readonly backedUp: boolean;
        readonly countsAs: Acr;
        readonly at: Date;
      },
    ): Promise<boolean> {
      const { backedUp: backed_up, counter, countsAs: counts_as } = use;
      const result = await update(db, stored)
        .set({ counter, backed_up, counts_as, last_used_at: use.at })
        .where('counter', '=', stored.counter)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

const GONE_MAX = 50;

/** Whose it is goes into every change: no statement changes somebody else's (P1). */
type OwnRow = Pick<AuthenticatorRow, 'authenticatorId' | 'subjectId'>;

function write(row: NewAuthenticator): Omit<AuthenticatorsTable, 'tenant'> {
  const { credential, letIn } = row;
  const own = 'vouchedBy' in letIn ? letIn : undefined;
  return {
    authenticator_id: row.authenticatorId,
    subject_id: row.subjectId,
    invitation_id: 'invitationId' in letIn ? letIn.invitationId : null,
    recovery_id: 'recoveryId' in letIn ? letIn.recoveryId : null,
    vouched_by: own?.vouchedBy ?? null,
    at_most: own?.atMost ?? null,
    counts_as: null,
    label: own?.label ?? null,
    removed_at: null,
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
  const acr = readAcr(row.acr);
  const atMost = row.at_most === null ? undefined : readAcr(row.at_most);
  return {
    label: row.label ?? undefined,
    atMost,
    countsAs: row.counts_as === null ? lowerAcr(acr, atMost) : readAcr(row.counts_as),
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
    acr,
    attestationFormat: row.attestation_format,
    attestationObject: row.attestation_object,
    transports: row.transports === '' ? [] : row.transports.split(' '),
    userHandle: row.user_handle,
  };
}

/** An unknown word, after a migration gone wrong, is the weaker level. */
function readAcr(text: string): Acr {
  return text === 'phrh' ? 'phrh' : 'phr';
}
