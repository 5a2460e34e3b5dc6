import {
  ProblemError,
  routes,
  type Action,
  type Capability,
  type Self,
  type StaffCaller,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import { assignableRoles } from '../domain/assignable-roles.ts';
import { rolesOf } from '../store/staff-rows.ts';

/**
 * What a screen may offer as a whole, by type of resource: the actions of every staff route that acts
 * on no particular thing. Read from the contract, so that a new route cannot be forgotten here.
 */
const offered = groupOffered();

/** The signed-in colleague: who they are, how strongly proved, and what the screens may offer. */
export async function readSelf(context: Context, caller: StaffCaller): Promise<Self> {
  const { sessionId, subjectId } = caller;
  const [staff, session] = await Promise.all([
    context.rows.staff.findById(context.storage.db, subjectId),
    context.sessions.findLive(sessionId),
  ]);
  if (!staff || !session) throw new ProblemError('session.ended');
  const { assurance, expiresAtMs, lockAfterSeconds, mode } = session;
  const roles = rolesOf(staff);
  const [able, stops] = await Promise.all([
    capabilities(context, caller),
    context.stopsFor({ subjectId, roles }),
  ]);
  return {
    subjectId,
    displayName: staff.displayName,
    desk: staff.desk,
    roles,
    sessionId,
    assurance,
    sessionExpiresAt: new Date(expiresAtMs).toISOString(),
    mode,
    lockAfterSeconds,
    capabilities: able,
    stops: [...stops],
    mayAssign: mayConfirm(able) ? assignableRoles(roles) : [],
  };
}

/** What a fresh touch of the own passkey opens is offered: the form asks for it on the way. */
function mayConfirm(able: readonly Capability[]): boolean {
  const confirming = able.find(({ action }) => action === 'onboarding:confirm');
  return confirming !== undefined && (confirming.allowed || confirming.remedies.length > 0);
}

async function capabilities(context: Context, caller: StaffCaller): Promise<Capability[]> {
  const { sessionId, subjectId } = caller;
  const subject = { type: 'Staff', id: subjectId } as const;
  const groups = await Promise.all(
    [...offered].map(([type, actions]) =>
      context.preview({ subject, sessionId, resource: { type, id: '*' } }, actions),
    ),
  );
  return groups.flat();
}

function groupOffered(): ReadonlyMap<string, readonly Action[]> {
  const groups = new Map<string, Action[]>();
  for (const { action, caller, resource } of routes) {
    if (caller !== 'staff' || action === undefined || action === 'self:read') continue;
    if (resource === undefined || resource.param !== undefined) continue;
    const group = groups.get(resource.type) ?? [];
    groups.set(resource.type, group.includes(action) ? group : [...group, action]);
  }
  return groups;
}
