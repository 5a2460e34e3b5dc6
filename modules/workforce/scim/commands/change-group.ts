import { isId, newId, type Id, type JsonObject } from '@proofline/kernel';
import { ProblemError, ScimGroupBody, type EvidenceKind, type Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { withoutNothing, valueProblem } from '../domain/person.ts';
import type { GroupWithMembers } from '../domain/describe-group.ts';
import { refuseOtherVersion } from '../domain/etag.ts';
import { roleOfGroup } from '../domain/role-of-groups.ts';
import type { Provisioner, ScimContext } from '../scim-context.ts';
import type { GroupRow } from '../store/group-rows.ts';
import { mayGiveOf } from './may-give.ts';
import { settleRoles } from './settle-roles.ts';

interface Asked {
  readonly by: Provisioner;
  readonly ifMatch?: string | undefined;
}

/** Makes a group known. @throws ProblemError `scim.value`, `scim.taken` */
export async function createGroup(
  context: ScimContext,
  asked: Asked & { readonly body: unknown },
): Promise<GroupWithMembers> {
  return commit(context, { ...asked, find: async () => undefined, next: () => asked.body });
}

interface Change extends Asked {
  readonly id: string;
  readonly next: (before: JsonObject) => unknown;
}

/** Changes a group. @throws ProblemError `scim.unknown`, `scim.version`, `scim.value`, `scim.taken` */
export async function changeGroup(
  context: ScimContext,
  { id, ...change }: Change,
): Promise<GroupWithMembers> {
  return commit(context, {
    ...change,
    find: (tx) => findForChange(context, tx, { id, ...change }),
  });
}

/**
 * Removes a group; whoever had its role by it has none any more.
 *
 * @throws ProblemError `scim.unknown`, `scim.version`
 */
export async function removeGroup(
  context: ScimContext,
  { by, id, ifMatch }: Asked & { readonly id: string },
): Promise<void> {
  const permitted = await permittedRoles(context, by);
  const evidenceId = await context.storage.transaction(async (tx) => {
    const { group, members } = await findForChange(context, tx, { id, ifMatch });
    const said = { by, group, kind: 'group.removed', added: 0, removed: members.length } as const;
    const cause = await record(context, tx, said);
    await context.scim.groups.remove(tx, group.groupId);
    const left = [group.name];
    await settleRoles(context, tx, { by, people: members, left, permitted, cause });
    return cause;
  });
  await context.ledger.durable(evidenceId);
}

/** A group and who is in it. @throws ProblemError `scim.unknown` */
export async function findGroup(context: ScimContext, db: Db, id: string) {
  const group = isId('grp', id) ? await context.scim.groups.find(db, id) : undefined;
  if (!group) throw new ProblemError('scim.unknown');
  return { group, members: await context.scim.groups.membersOf(db, group.groupId) };
}

async function findForChange(
  context: ScimContext,
  tx: Db,
  { id, ifMatch }: { readonly id: string; readonly ifMatch?: string | undefined },
): Promise<GroupWithMembers> {
  const found = await findGroup(context, tx, id);
  refuseOtherVersion(ifMatch, found.group.version);
  return found;
}

interface Committing extends Asked {
  readonly find: (tx: Db) => Promise<GroupWithMembers | undefined>;
  readonly next: (before: JsonObject) => unknown;
}

async function commit(
  context: ScimContext,
  { by, find, next }: Committing,
): Promise<GroupWithMembers> {
  // Asked before the transaction, which asks nobody.
  const permitted = await permittedRoles(context, by);
  const written = await context.storage.transaction(async (tx) => {
    const before = await find(tx);
    const wanted = readGroup(next(before ? saidOf(before) : {}));
    return write(context, tx, { by, before, wanted, permitted });
  });
  await context.ledger.durable(written.group.evidenceId);
  return written;
}

/** The roles that groups stand for here, as far as policy lets a directory give them. */
function permittedRoles(context: ScimContext, by: Provisioner): Promise<ReadonlySet<Role>> {
  return mayGiveOf(context, by, Object.values(context.provisioningRoles));
}

function saidOf({ group, members }: GroupWithMembers): JsonObject {
  const { externalId, name } = group;
  const said = { displayName: name, externalId, members: members.map((value) => ({ value })) };
  return withoutNothing(said);
}

interface WantedGroup {
  readonly name: string;
  readonly externalId: string | undefined;
  readonly members: ReadonlySet<string>;
}

/** @throws ProblemError `scim.value` */
function readGroup(resource: unknown): WantedGroup {
  const parsed = ScimGroupBody.safeParse(resource);
  if (!parsed.success) throw valueProblem(parsed.error);
  const { displayName, externalId, members = [] } = parsed.data;
  return { name: displayName, externalId, members: new Set(members.map(({ value }) => value)) };
}

interface Writing {
  readonly by: Provisioner;
  readonly before: GroupWithMembers | undefined;
  readonly wanted: WantedGroup;
  readonly permitted: ReadonlySet<Role>;
}

async function write(context: ScimContext, tx: Db, writing: Writing): Promise<GroupWithMembers> {
  const { before, wanted } = writing;
  await refuseTaken(context, tx, writing);
  const members = await peopleOf(context, tx, wanted.members);
  const known = new Set(before?.members);
  const moves: Moves = {
    added: members.filter((id) => !known.has(id)),
    removed: (before?.members ?? []).filter((id) => !wanted.members.has(id)),
  };
  if (before && isSame(before, wanted) && moves.added.length + moves.removed.length === 0)
    return before;
  const group = await writeGroup(context, tx, { ...writing, moves });
  await context.scim.groups.removeMembers(tx, group.groupId, moves.removed);
  await context.scim.groups.addMembers(tx, group.groupId, moves.added);
  await settle(context, tx, { ...writing, moves, members, cause: group.evidenceId });
  return { group, members };
}

/** Who comes and who goes. */
interface Moves {
  readonly added: readonly Id<'stf'>[];
  readonly removed: readonly Id<'stf'>[];
}

function isSame({ group }: GroupWithMembers, wanted: WantedGroup): boolean {
  return group.name === wanted.name && group.externalId === wanted.externalId;
}

async function writeGroup(
  context: ScimContext,
  tx: Db,
  { before, by, moves, wanted }: Writing & { readonly moves: Moves },
): Promise<GroupRow> {
  const at = new Date(context.clock.now());
  const named = { groupId: before?.group.groupId ?? newId('grp', context), name: wanted.name };
  const evidenceId = await record(context, tx, {
    by,
    group: named,
    kind: before === undefined ? 'group.provisioned' : 'group.changed',
    added: moves.added.length,
    removed: moves.removed.length,
  });
  const group: GroupRow = {
    ...named,
    externalId: wanted.externalId,
    version: (before?.group.version ?? 0) + 1,
    createdAt: before?.group.createdAt ?? at,
    changedAt: at,
    evidenceId,
  };
  await context.scim.groups.put(tx, group);
  return group;
}

/** By another name a group stands for another role: for everybody in it. */
async function settle(
  context: ScimContext,
  tx: Db,
  written: Writing & {
    readonly moves: Moves;
    readonly members: readonly Id<'stf'>[];
    readonly cause: Id<'evt'>;
  },
): Promise<void> {
  const { before, by, cause, members, moves, permitted, wanted } = written;
  const left = [...new Set([before?.group.name ?? wanted.name, wanted.name])];
  const isMapped = left.some((name) => roleOfGroup(context.provisioningRoles, name) !== undefined);
  if (!isMapped) return;
  const concerned =
    left.length > 1 ? [...members, ...moves.removed] : [...moves.added, ...moves.removed];
  await settleRoles(context, tx, { by, people: concerned, left, permitted, cause });
}

async function refuseTaken(context: ScimContext, tx: Db, { before, wanted }: Writing) {
  const named = await context.scim.groups.findByName(tx, wanted.name);
  if (named && named.groupId !== before?.group.groupId)
    throw new ProblemError('scim.taken', { detail: 'displayName is another group’s.' });
}

/** Every member must be a person of provisioning. @throws ProblemError `scim.value` */
async function peopleOf(
  context: ScimContext,
  tx: Db,
  members: ReadonlySet<string>,
): Promise<Id<'stf'>[]> {
  const ids = [...members].filter((id) => isId('stf', id));
  const people = await context.scim.people.findMany(tx, ids);
  if (people.length !== members.size)
    throw new ProblemError('scim.value', { detail: 'A member is no person of provisioning.' });
  return people.map(({ subjectId }) => subjectId).toSorted();
}

async function record(
  context: ScimContext,
  tx: Db,
  said: {
    readonly by: Provisioner;
    readonly group: Pick<GroupRow, 'groupId' | 'name'>;
    readonly kind: EvidenceKind;
    readonly added: number;
    readonly removed: number;
  },
): Promise<Id<'evt'>> {
  const { added, by, group, kind, removed } = said;
  const eventId = await context.ledger.record(tx, {
    kind,
    causes: [by.decisionEvidenceId],
    refs: { groupId: group.groupId },
    subjects: { actor: by.subjectId },
    facts: { name: group.name, added, removed },
  });
  const at = new Date(context.clock.now());
  const event = { eventId, connectionId: by.subjectId, at, kind, about: group.groupId };
  await context.scim.events.record(tx, { ...event, because: undefined });
  return eventId;
}
