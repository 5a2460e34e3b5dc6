import {
  evidenceKinds,
  problemCodes,
  problems,
  type EvidenceKind,
  type ProblemCode,
  type ProvisioningConnection,
  type ProvisioningEvent,
} from '@proofline/protocol';
import { isId } from '@proofline/kernel';
import type { ScimContext } from '../scim-context.ts';
import type { ConnectionRow, TokenRow } from '../store/connection-rows.ts';
import type { EventRow } from '../store/event-rows.ts';

const EVENTS_MAX = 50;
const PEOPLE_MAX = 5_000;

/** What the security console shows of provisioning. */
export async function readProvisioning(context: ScimContext) {
  const { db } = context.storage;
  const [rows, events, people] = [
    await context.scim.connections.list(db),
    await context.scim.events.newest(db, EVENTS_MAX),
    await context.scim.people.list(db, { offset: 0, limit: PEOPLE_MAX }),
  ];
  const ids = people.map(({ subjectId }) => subjectId);
  const staff = [...(await context.rows.staff.findMany(db, ids)).values()];
  const left = staff.filter(({ state }) => state === 'left').length;
  return {
    address: `${context.staffOrigin}/scim/v2`,
    people: { here: staff.length - left, left },
    connections: [
      ...context.directories.map(describeDirectory),
      ...(await Promise.all(rows.map((row) => describeConnection(context, row)))),
    ],
    events: await Promise.all(events.map((event) => describeEvent(context, event, rows))),
  };
}

/** A directory that calls with a key of its own, as other services do. */
function describeDirectory({ name, serviceId }: ScimContext['directories'][number]) {
  return { serviceId, name, hasOwnKey: true, state: 'standing' as const, tokens: [] };
}

/** A connection with its tokens that are still good. */
export async function describeConnection(
  context: ScimContext,
  row: ConnectionRow,
): Promise<ProvisioningConnection> {
  const { db } = context.storage;
  const nowMs = context.clock.now();
  const tokens = (await context.scim.connections.tokensOf(db, row.connectionId)).filter(
    ({ expiresAt }) => expiresAt.getTime() > nowMs,
  );
  const by = await context.rows.staff.findById(db, row.connectedBy);
  const standing = tokens.length > 0 ? 'standing' : 'expired';
  return {
    serviceId: row.connectionId,
    name: row.name,
    hasOwnKey: false,
    connectedBy: by?.displayName ?? 'a colleague',
    connectedAt: row.connectedAt.toISOString(),
    state: row.endedAt === undefined ? standing : 'ended',
    ...(row.lastUsedAt && { lastUsedAt: row.lastUsedAt.toISOString() }),
    tokens: tokens.map(describeToken),
  };
}

function describeToken({ expiresAt, issuedAt, lastUsedAt }: TokenRow) {
  return {
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}

async function describeEvent(
  context: ScimContext,
  event: EventRow,
  connections: readonly ConnectionRow[],
): Promise<ProvisioningEvent> {
  const { about, at, because, connectionId, eventId, kind } = event;
  const connection =
    connections.find((one) => one.connectionId === connectionId) ??
    context.directories.find(({ serviceId }) => serviceId === connectionId);
  const name = await nameOf(context, about);
  const code = problemCodes.find((one) => one === because);
  return {
    eventId,
    at: at.toISOString(),
    connection: connection?.name ?? 'a directory of before',
    // The column holds only what this module wrote.
    what: evidenceKinds[kind as EvidenceKind],
    ...(name !== undefined && { about: name }),
    ...(code !== undefined && { refused: { code, text: textOf(code) } }),
  };
}

const textOf = (code: ProblemCode): string => problems[code].text;

async function nameOf(context: ScimContext, about: string | undefined) {
  if (isId('grp', about)) return (await context.scim.groups.find(context.storage.db, about))?.name;
  if (!isId('stf', about)) return undefined;
  return (await context.rows.staff.findById(context.storage.db, about))?.displayName;
}
