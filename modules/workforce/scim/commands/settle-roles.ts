import type { Id } from '@proofline/kernel';
import type { Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { StaffRow } from '../../store/staff-rows.ts';
import { roleChange } from '../domain/role-of-groups.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';

interface Settling {
  readonly by: Provisioner;
  readonly people: readonly Id<'stf'>[];
  /** Names of the groups that they have just left. */
  readonly left: readonly string[];
  readonly permitted: ReadonlySet<Role>;
  /** The entry of the change that this follows from. */
  readonly cause: Id<'evt'>;
}

/**
 * Gives and withdraws roles as the groups say that people are in now. Nobody becomes active by it: an
 * account that was never confirmed in person has no role to change.
 */
export async function settleRoles(context: ScimContext, tx: Db, settling: Settling): Promise<void> {
  const { left, people, permitted } = settling;
  const staff = await context.rows.staff.findMany(tx, people);
  const groups = await context.scim.groups.groupsOf(tx, people);
  for (const person of staff.values()) {
    const { role, subjectId } = person;
    const names = (groups.get(subjectId) ?? []).map(({ name }) => name);
    const change = roleChange({
      role,
      groups: names,
      left,
      permitted,
      roles: context.provisioningRoles,
    });
    if (change === undefined || !hasAccount(person)) continue;
    const given = 'give' in change ? change.give : undefined;
    const evidenceId = await recordRole(context, tx, {
      ...settling,
      subjectId,
      before: role,
      given,
    });
    const at = new Date(context.clock.now());
    await context.scim.staff.provisionRole(tx, subjectId, { role: given, at, evidenceId });
  }
}

/** Whether three people once brought them in. Of somebody who left without a role nobody knows it here. */
function hasAccount({ role, state }: StaffRow): boolean {
  return state === 'active' || (state === 'left' && role !== undefined);
}

async function recordRole(
  context: ScimContext,
  tx: Db,
  changed: Settling & {
    readonly subjectId: Id<'stf'>;
    readonly before: Role | undefined;
    readonly given: Role | undefined;
  },
): Promise<Id<'evt'>> {
  const { before, by, cause, given, subjectId: person } = changed;
  const kind = 'person.changed';
  const eventId = await context.ledger.record(tx, {
    kind,
    causes: [cause],
    subjects: { actor: by.subjectId, person },
    facts: { changed: ['role'], before: before ?? null, role: given ?? null },
  });
  const at = new Date(context.clock.now());
  const event = { eventId, connectionId: by.subjectId, at, kind, about: person };
  await context.scim.events.record(tx, { ...event, because: undefined });
  return eventId;
}
