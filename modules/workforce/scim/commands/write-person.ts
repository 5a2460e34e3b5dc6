import type { Id, JsonObject } from '@proofline/kernel';
import { ProblemError, type EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newStaff } from '../../commands/found-staff.ts';
import type { StaffRow } from '../../store/staff-rows.ts';
import { changedNames } from '../domain/changed-names.ts';
import type { ProvisionedPerson } from '../domain/person.ts';
import { whatHappened } from '../domain/what-happened.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';
import type { PersonRow } from '../store/people-rows.ts';

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
  readonly isRemoved?: boolean;
  /** The role whose giving was permitted before the transaction began. */
  readonly permitted: ReadonlySet<string>;
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
  const { before, by, isRemoved = false, person } = writing;
  await refuseTaken(context, tx, writing);
  const staff = before?.staff ?? newStaff(context, { ...person });
  if (staff.employeeNumber !== person.employeeNumber)
    throw new ProblemError('scim.read-only', { detail: 'employeeNumber stays what it is.' });
  const happened = whatHappened({ before, person, isRemoved });
  if (happened === undefined && before?.row) {
    return { staff, row: before.row, kind: undefined };
  }
  const kind = happened ?? 'person.changed';
  await refuseForbidden(context, tx, { ...writing, kind, staff });
  const at = new Date(context.clock.now());
  const leftAt = person.isActive && !isRemoved ? undefined : at;
  const after: StaffRow = { ...staff, displayName: person.displayName, desk: person.desk };
  if (!before) await context.rows.staff.insert(tx, { ...after, at });
  const evidenceId = await recordChange(context, tx, { ...writing, kind, staff: after });
  await context.rows.staff.provision(tx, staff.subjectId, { ...after, leftAt });
  const row = {
    subjectId: staff.subjectId,
    resource: person.resource,
    version: (before?.row?.version ?? 0) + 1,
    changedAt: at,
    evidenceId,
  };
  const { externalId, userName } = person;
  await context.scim.people.put(tx, {
    ...row,
    userName,
    externalId,
    ...(isRemoved && { removedAt: at }),
  });
  const { subjectId: connectionId } = by;
  const about = staff.subjectId;
  const event = { eventId: evidenceId, connectionId, at, kind, about, because: undefined };
  await context.scim.events.record(tx, event);
  const state = leftAt === undefined ? (before?.staff.state ?? 'invited') : 'left';
  const createdAt = before?.row?.createdAt ?? at;
  return { staff: { ...after, state }, row: { ...row, createdAt, isRemoved }, kind };
}

async function refuseTaken(context: ScimContext, tx: Db, { before, person }: Writing) {
  const named = await context.scim.people.findByUserName(tx, person.userName);
  if (named && named.subjectId !== before?.staff.subjectId)
    throw new ProblemError('scim.taken', { detail: 'userName is another person’s.' });
}

/** What stays with people: the desk and the return of whoever has a role that provisioning does not give. */
async function refuseForbidden(
  context: ScimContext,
  tx: Db,
  writing: Writing & { readonly kind: EvidenceKind; readonly staff: StaffRow },
): Promise<void> {
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
  if (leaves && (await context.rows.staff.countActive(tx, role)) <= 1) {
    const detail = 'The last security administrator cannot leave by provisioning.';
    throw new ProblemError('scim.not-yours', { detail });
  }
}

async function recordChange(
  context: ScimContext,
  tx: Db,
  writing: Writing & { readonly kind: EvidenceKind; readonly staff: StaffRow },
): Promise<Id<'evt'>> {
  const { before, by, kind, person, staff } = writing;
  const changed = changedNames(before?.row?.resource ?? {}, person.resource);
  const facts: JsonObject = { changed, linked: before !== undefined && before.row === undefined };
  const { decisionEvidenceId, subjectId: actor } = by;
  const cause = before?.row?.evidenceId;
  return context.ledger.record(tx, {
    kind,
    causes: [decisionEvidenceId, ...(cause === undefined ? [] : [cause])],
    subjects: { actor, person: staff.subjectId },
    facts: { ...facts, removed: writing.isRemoved ?? false },
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
