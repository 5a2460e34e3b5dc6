import { isId, type Id, type JsonObject } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { describeState } from '../domain/describe-person.ts';
import { refuseOtherVersion } from '../domain/etag.ts';
import { readPerson, type ProvisionedPerson } from '../domain/person.ts';
import type { StaffRow } from '../../store/staff-rows.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';
import type { PersonRow } from '../store/people-rows.ts';
import { endSessionsOf } from './end-sessions-of.ts';
import { mayGive } from './may-give.ts';
import { writePerson, type Provisioned, type Written } from './write-person.ts';

/** What a directory asks for. */
interface Asked {
  readonly by: Provisioner;
  /** `If-Match` of the request. */
  readonly ifMatch?: string | undefined;
}

/**
 * Makes a person known. Somebody of that employee number who is here already, invited by HR or
 * removed before, is meant: there is one subject per employee number for ever.
 *
 * @throws ProblemError `scim.value`, `scim.taken`, `scim.not-yours`
 */
export async function createPerson(
  context: ScimContext,
  asked: Asked & { readonly body: unknown },
): Promise<Provisioned> {
  const person = readPerson(asked.body);
  const known = await context.rows.staff.findByEmployeeNumber(
    context.storage.db,
    person.employeeNumber,
  );
  return commit(context, {
    ...asked,
    subjectId: known?.subjectId,
    next: () => person,
    async find(tx) {
      const staff = await context.rows.staff.findByEmployeeNumber(tx, person.employeeNumber);
      const row = staff && (await context.scim.people.find(tx, staff.subjectId));
      if (row?.isRemoved === false)
        throw new ProblemError('scim.taken', { detail: 'employeeNumber is another person’s.' });
      return staff && { staff, row };
    },
  });
}

interface Change extends Asked {
  readonly id: string;
  readonly isRemoved?: boolean;
  /** What is said of them afterwards, from all that was said before. */
  readonly next: (before: JsonObject) => unknown;
}

/**
 * Changes what is said of a person, whole or in part, or says that they have left.
 *
 * @throws ProblemError `scim.unknown`, `scim.version`, `scim.value`, `scim.taken`, `scim.read-only`,
 *   `scim.not-yours`, and what `next` throws
 */
export async function changePerson(context: ScimContext, change: Change): Promise<Provisioned> {
  const { id } = change;
  if (!isId('stf', id)) throw new ProblemError('scim.unknown');
  return commit(context, {
    ...change,
    subjectId: id,
    next: (before) => readPerson(change.next(before)),
    async find(tx) {
      const found = await findPerson(context, tx, id);
      refuseOtherVersion(change.ifMatch, found.row.version);
      return found;
    },
  });
}

/** A person that a directory brought in. @throws ProblemError `scim.unknown` */
export async function findPerson(context: ScimContext, db: Db, id: string): Promise<Provisioned> {
  if (!isId('stf', id)) throw new ProblemError('scim.unknown');
  const [staff, row] = [
    await context.rows.staff.findById(db, id),
    await context.scim.people.find(db, id),
  ];
  if (!staff || !row || row.isRemoved) throw new ProblemError('scim.unknown');
  return { staff, row };
}

interface Committing extends Asked {
  readonly subjectId: Id<'stf'> | undefined;
  readonly isRemoved?: boolean;
  readonly next: (before: JsonObject) => ProvisionedPerson;
  readonly find: (
    tx: Db,
  ) => Promise<{ readonly staff: StaffRow; readonly row: PersonRow | undefined } | undefined>;
}

async function commit(context: ScimContext, change: Committing): Promise<Written> {
  const { by, find, isRemoved = false, next, subjectId } = change;
  // Asked before the transaction, which asks nobody; a role that is given meanwhile was not permitted.
  const permitted = await mayGive(context, by, subjectId);
  const written = await context.storage.transaction(async (tx) => {
    const found = await find(tx);
    const said = found?.row ? { ...found.row.resource, ...describeState(found.staff) } : {};
    const person = next(said);
    return writePerson(context, tx, { by, person, before: found, permitted, isRemoved });
  });
  if (written.kind === undefined) return written;
  await context.ledger.durable(written.row.evidenceId);
  if (written.staff.state === 'left') {
    await endSessionsOf(context, { subjectId: written.staff.subjectId, endedBy: by.subjectId });
  }
  return written;
}
