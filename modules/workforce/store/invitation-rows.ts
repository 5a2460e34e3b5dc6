import { limits, type Id } from '@proofline/kernel';
import { Role, type Invitation } from '@proofline/protocol';
import { readPage, toCondition, type Db, type Page, type SqlCondition } from '@proofline/storage';
import { onboardingStates, type Onboarding } from '../domain/onboarding.ts';
import { tables, type InvitationsTable } from './tables.ts';

/** An invitation with its row's own facts. */
export interface InvitationRow {
  readonly invitationId: Id<'inv'>;
  /** Name and desk as it was issued: a later invitation of the same person may say others. */
  readonly displayName: string;
  readonly desk: string;
  readonly invitedAt: Date;
  readonly onboarding: Onboarding;
  /** The entry of its last step: the cause of the next one. */
  readonly evidenceId: Id<'evt'>;
}

interface NewInvitation extends InvitationRow {
  readonly secretDigest: string;
}

interface Listing {
  /** The rows that may be seen; `undefined`: every one. */
  readonly where: SqlCondition | undefined;
  /** As `describe` of `list-invitations.ts` says it at this time. */
  readonly state: Invitation['state'] | undefined;
  readonly at: Date;
}

/** SQL of the table `workforce_invitations`. */
export function invitationRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('workforce_invitations').selectAll().where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: NewInvitation): Promise<void> {
      const values = {
        tenant,
        invitation_id: row.invitationId,
        subject_id: row.onboarding.subjectId,
        display_name: row.displayName,
        desk: row.desk,
        secret_digest: row.secretDigest,
        invited_by: row.onboarding.invitedBy ?? null,
        founding_role: row.onboarding.foundingRole ?? null,
        invited_at: row.invitedAt,
        evidence_id: row.evidenceId,
        ...write(row.onboarding),
      };
      await tables(db).insertInto('workforce_invitations').values(values).execute();
    },

    async find(db: Db, invitationId: Id<'inv'>): Promise<InvitationRow | undefined> {
      return read(await from(db).where('invitation_id', '=', invitationId).executeTakeFirst());
    },

    async findBySecret(db: Db, secretDigest: string): Promise<InvitationRow | undefined> {
      return read(await from(db).where('secret_digest', '=', secretDigest).executeTakeFirst());
    },

    async findByDevice(db: Db, deviceDigest: string): Promise<InvitationRow | undefined> {
      return read(await from(db).where('device_digest', '=', deviceDigest).executeTakeFirst());
    },

    async listOf(db: Db, subjectId: Id<'stf'>): Promise<InvitationRow[]> {
      return (await from(db).where('subject_id', '=', subjectId).execute()).map(readRow);
    },

    /** Who waits for confirmation. */
    async listWaiting(db: Db): Promise<InvitationRow[]> {
      const query = from(db)
        .where('state', '=', 'registered')
        .orderBy('invitation_id')
        .limit(limits.pageMaxItems);
      return (await query.execute()).map(readRow);
    },

    /** Newest first. */
    async list(db: Db, wanted: Listing): Promise<Page<InvitationRow>> {
      const { at, state, where } = wanted;
      let query = from(db).orderBy('invitation_id', 'desc');
      if (where !== undefined) query = query.where(toCondition(where));
      const kept = state === 'replaced' ? 'superseded' : state;
      if (kept === 'expired') query = query.where('state', 'in', ['sent', 'opened', 'registered']);
      else if (kept !== undefined) query = query.where('state', '=', kept);
      // What is confirmed or replaced stays so, whatever the time.
      const isOpen = kept === 'sent' || kept === 'opened' || kept === 'registered';
      if (isOpen) query = query.where('expires_at', '>', at);
      if (kept === 'expired') query = query.where('expires_at', '<=', at);
      const { rows, total } = await readPage(db, query, limits.pageMaxItems);
      return { rows: rows.map(readRow), total };
    },

    /** Writes a step; true when the row still was in the state that the step started from. */
    async advance(
      db: Db,
      row: InvitationRow,
      next: { readonly onboarding: Onboarding; readonly evidenceId: Id<'evt'> },
    ): Promise<boolean> {
      const result = await tables(db)
        .updateTable('workforce_invitations')
        .set({ ...write(next.onboarding), evidence_id: next.evidenceId })
        .where('tenant', '=', tenant)
        .where('invitation_id', '=', row.invitationId)
        .where('state', '=', row.onboarding.state)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** Whether one of the two ever invited or confirmed the other one, with whatever invitation. */
    async isBetween(db: Db, one: Id<'stf'>, other: Id<'stf'>): Promise<boolean> {
      const row = await tables(db)
        .selectFrom('workforce_invitations')
        .select('invitation_id')
        .where('tenant', '=', tenant)
        .where('subject_id', 'in', [one, other])
        .where((where) =>
          where.or([
            where('invited_by', 'in', [one, other]),
            where('confirmed_by', 'in', [one, other]),
          ]),
        )
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function write(onboarding: Onboarding) {
  const { code } = onboarding;
  return {
    state: onboarding.state,
    expires_at: new Date(onboarding.expiresAtMs),
    device_digest: onboarding.device ?? null,
    code: code?.digits ?? null,
    code_expires_at: code ? new Date(code.expiresAtMs) : null,
    confirmed_by: onboarding.confirmedBy ?? null,
    role: onboarding.role ?? null,
  };
}

function read(row: InvitationsTable | undefined): InvitationRow | undefined {
  return row && readRow(row);
}

function readRow(row: InvitationsTable): InvitationRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    invitationId: row.invitation_id as Id<'inv'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    displayName: row.display_name,
    desk: row.desk,
    invitedAt: row.invited_at,
    onboarding: {
      // An unknown word, after a migration gone wrong, is a dead link.
      state: onboardingStates.find((state) => state === row.state) ?? 'superseded',
      subjectId: row.subject_id as Id<'stf'>,
      invitedBy: (row.invited_by ?? undefined) as Id<'stf'> | undefined,
      foundingRole: readRole(row.founding_role),
      expiresAtMs: row.expires_at.getTime(),
      device: row.device_digest ?? undefined,
      code:
        row.code !== null && row.code_expires_at !== null
          ? { digits: row.code, expiresAtMs: row.code_expires_at.getTime() }
          : undefined,
      confirmedBy: (row.confirmed_by ?? undefined) as Id<'stf'> | undefined,
      role: readRole(row.role),
    },
  };
}

function readRole(role: string | null): Role | undefined {
  return role === null ? undefined : Role.parse(role);
}
