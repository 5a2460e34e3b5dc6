import type { Id, JsonObject } from '@proofline/kernel';
import { ProblemError, type EvidenceKind, type Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newStaff } from '../../commands/found-staff.ts';
import type { StaffRow } from '../../store/staff-rows.ts';
import { changedNames } from '../domain/changed-names.ts';
import type { ProvisionedPerson } from '../domain/person.ts';
import { whatHappened } from '../domain/what-happened.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';
import type { PersonRow } from '../store/people-rows.ts';
import { settleRoles } from './settle-roles.ts';

/** A person as provisioning knows them. */
export interface Provisioned {
  readonly staff: StaffRow;
  readonly row: PersonRow;
}

interface Writing {
  readonly by: Provisioner;
  readonly person: ProvisionedPerson;
  /** Whom it is about, where somebody of that employee number is here. */
  readonly before: { readonly staff: StaffRow; readonly row: PersonRow | undefined } | undefined;
  /** Whether what a directory says of them goes, too. */
  readonly isRemoved: boolean;
  /** The role whose giving was permitted before the transaction began. */
  readonly permitted: ReadonlySet<Role>;
}

/** What was written; `kind` is absent where nothing changed. */
export interface Written extends Provisioned {
  readonly kind: EvidenceKind | undefined;
}

/**
 * Writes what a directory says of a person, with its evidence. Authenticators are not among it: no
 * statement here knows their table (P1).
 *
 * @throws ProblemError `scim.taken`, `scim.read-only` or `scim.not-yours`
 */
export async function writePerson(
  context: ScimContext,
  tx: Db,
  writing: Writing,
): Promise<Written> {
  const { before, person } = writing;
  await refuseTaken(context, tx, writing);
  const staff = before?.staff ?? newStaff(context, { ...person });
  if (staff.employeeNumber !== person.employeeNumber)
    throw new ProblemError('scim.read-only', { detail: 'employeeNumber stays what it is.' });
  const happened = whatHappened(writing);
  if (happened === undefined && before?.row) {
    return { staff, row: before.row, kind: undefined };
  }
  const kind = happened ?? 'person.changed';
  await refuseForbidden(context, tx, { ...writing, kind, staff });
  if (!before) {
    await context.rows.staff.insert(tx, { ...staff, at: new Date(context.clock.now()) });
  }
  return commit(context, tx, { ...writing, kind, staff });
}

interface Committing extends Writing {
  readonly kind: EvidenceKind;
  readonly staff: StaffRow;
}

async function commit(context: ScimContext, tx: Db, writing: Committing): Promise<Written> {
  const { before, by, isRemoved, kind, person } = writing;
  const { subjectId } = writing.staff;
  const at = new Date(context.clock.now());
  const leftAt = person.isActive && !isRemoved ? undefined : at;
  await context.scim.staff.provision(tx, subjectId, { ...person, leftAt });
  const staff = await context.rows.staff.findById(tx, subjectId);
  if (!staff) throw new Error('a person was written and is not there');
  const evidenceId = await recordChange(context, tx, { ...writing, staff });
  const row = {
    subjectId,
    resource: person.resource,
    version: (before?.row?.version ?? 0) + 1,
    changedAt: at,
    evidenceId,
  };
  const { externalId, userName } = person;
  const removedAt = isRemoved ? at : undefined;
  await context.scim.people.put(tx, { ...row, userName, externalId, removedAt });
  if (isRemoved) await leaveGroups(context, tx, { ...writing, staff, evidenceId });
  const event = { eventId: evidenceId, connectionId: by.subjectId, at, kind, about: subjectId };
  await context.scim.events.record(tx, { ...event, because: undefined });
  const createdAt = before?.row?.createdAt ?? at;
  return { staff, row: { ...row, createdAt, isRemoved }, kind };
}

/** Whoever is removed is in no group, and what a group gave them is not theirs when they come back. */
async function leaveGroups(
  context: ScimContext,
  tx: Db,
  removed: Pick<Writing, 'by' | 'permitted'> & {
    readonly staff: StaffRow;
    readonly evidenceId: Id<'evt'>;
  },
): Promise<void> {
  const { by, evidenceId: cause, permitted, staff } = removed;
  const { subjectId } = staff;
  const groups = await context.scim.groups.groupsOf(tx, [subjectId]);
  const left = (groups.get(subjectId) ?? []).map(({ name }) => name);
  await context.scim.groups.leaveAll(tx, subjectId);
  await settleRoles(context, tx, { by, people: [subjectId], left, permitted, cause });
}

async function refuseTaken(context: ScimContext, tx: Db, { before, person }: Writing) {
  const named = await context.scim.people.findByUserName(tx, person.userName);
  if (named && named.subjectId !== before?.staff.subjectId)
    throw new ProblemError('scim.taken', { detail: 'userName is another person’s.' });
}

/** What stays with people: the desk and the return of whoever has a role that provisioning does not give. */
async function refuseForbidden(context: ScimContext, tx: Db, writing: Committing): Promise<void> {
  const { kind, permitted, person, staff } = writing;
  const { role } = staff;
  if (role === undefined) return;
  const moves = staff.desk !== person.desk || kind === 'person.returned';
  if (moves && !permitted.has(role)) {
    const detail = 'Somebody in this role is moved and taken back by colleagues only.';
    throw new ProblemError('scim.not-yours', { detail });
  }
  const leaves = kind === 'person.left' && role === 'security-admin' && staff.state === 'active';
  // Who holds a directory’s token must not be able to leave nobody who could end the connection.
  if (leaves && (await context.scim.staff.countActive(tx, role)) <= 1) {
    const detail = 'The last security administrator cannot leave by provisioning.';
    throw new ProblemError('scim.not-yours', { detail });
  }
}

async function recordChange(context: ScimContext, tx: Db, writing: Committing): Promise<Id<'evt'>> {
  const { before, by, kind, person, staff } = writing;
  const changed = changedNames(before?.row?.resource ?? {}, person.resource);
  const facts: JsonObject = { changed, linked: before !== undefined && before.row === undefined };
  const { decisionEvidenceId, subjectId: actor } = by;
  const cause = before?.row?.evidenceId;
  return context.ledger.record(tx, {
    kind,
    causes: [decisionEvidenceId, ...(cause === undefined ? [] : [cause])],
    subjects: { actor, person: staff.subjectId },
    facts: { ...facts, removed: writing.isRemoved },
    personal: [
      {
        subject: staff.subjectId,
        retention: 'identity',
        fields: {
          displayName: staff.displayName,
          employeeNumber: staff.employeeNumber,
          desk: staff.desk,
          said: person.resource,
        },
      },
    ],
  });
}
