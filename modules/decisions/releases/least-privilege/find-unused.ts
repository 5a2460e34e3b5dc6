import { newId } from '@proofline/kernel';
import type { ReleaseText } from '@proofline/policy';
import { ProblemError, Role, type HeldAction } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { textOf } from '../domain/verify-release.ts';
import { findRelease } from '../store/release-rows.ts';
import { rolePermits } from './held-actions.ts';
import { takeOut } from './take-out.ts';
import { recordedUse, type RecordedUse, type Use } from './use-rows.ts';

const DAY_MS = 86_400_000;

/** What a role holds, and what its people did with it. */
export interface RoleUse {
  readonly role: Role;
  readonly held: readonly HeldAction[];
}

/** The live policies beside what was recorded. */
export interface UseOfPolicies {
  readonly live: ReleaseText;
  readonly cases: string;
  readonly recorded: RecordedUse;
  readonly roles: readonly RoleUse[];
}

/** What each role holds by the live policies, and how often somebody of it was permitted it. */
export async function findUse(
  context: DecisionsContext,
  { days, desk }: { readonly days: number; readonly desk?: string | undefined },
): Promise<UseOfPolicies> {
  const { storage, tenant } = context;
  const { sequence } = context.release().ref;
  const row = await findRelease(storage.db, tenant, sequence);
  if (!row) throw new ProblemError('policy.unknown');
  const live = textOf(row);
  const at = new Date(context.clock.now() - days * DAY_MS);
  const recorded = await recordedUse(storage.db, tenant, { id: idAt(at.getTime()), at });
  const uses = recorded.uses.filter((use) => desk === undefined || use.desk === desk);
  // Fields are part of another decision and are never recorded as one, so they always look idle.
  const isRecorded = (action: string) => !action.startsWith('field:');
  const permits = rolePermits(live);
  const roles = Role.options.flatMap((role): RoleUse[] => {
    const own = permits.filter((permit) => permit.role === role);
    const held = [...new Set(own.flatMap((permit) => permit.actions))]
      .filter(isRecorded)
      .toSorted();
    if (held.length === 0) return [];
    return [{ role, held: held.map((action) => heldAction(live, { role, action, own, uses })) }];
  });
  return { live, cases: row.cases ?? '[]', recorded, roles };
}

function heldAction(
  live: ReleaseText,
  {
    role,
    action,
    own,
    uses,
  }: {
    readonly role: Role;
    readonly action: string;
    readonly own: ReturnType<typeof rolePermits>;
    readonly uses: readonly Use[];
  },
): HeldAction {
  // Whoever stands in two roles may have used either: both count, so that nothing in use is taken.
  // A list is filtered by what may be read of it, and that leaves no decision of its own.
  const counted = [action, action.replace(/:read$/, ':list')];
  const found = uses.filter((use) => counted.includes(use.action) && use.roles.includes(role));
  const last = Math.max(...found.map(({ lastAt }) => lastAt.getTime()));
  const giving = own.filter((permit) => permit.actions.includes(action));
  const count = found.reduce((sum, use) => sum + use.count, 0);
  const keptBecause = count === 0 ? reasonToKeep(live, { role, action, giving }) : undefined;
  return {
    action,
    policies: giving.map(({ policyId }) => policyId),
    uses: count,
    ...(count > 0 && { lastUsedAt: new Date(last).toISOString() }),
    ...(keptBecause !== undefined && { keptBecause }),
  };
}

/** What lies idle on purpose, and what a program cannot take out of a text. */
function reasonToKeep(
  live: ReleaseText,
  {
    role,
    action,
    giving,
  }: {
    readonly role: Role;
    readonly action: string;
    readonly giving: ReturnType<typeof rolePermits>;
  },
): string | undefined {
  if (/^(?:policy|switch|break-glass):/.test(action)) {
    return 'It is for emergencies and for changing policies: idle is how it should be.';
  }
  const paths = new Set(giving.map(({ path }) => path));
  const canBeTaken = live.policies
    .filter(({ path }) => paths.has(path))
    .every((file) => takeOut(file, [{ role, action }]) !== undefined);
  return canBeTaken ? undefined : 'Its policy is written so that only a person can change it.';
}

/** The least decision id of a moment: ids begin with their time. */
function idAt(ms: number): string {
  return newId('dec', {
    clock: { now: () => ms },
    random: { bytes: (count) => new Uint8Array(count) },
  });
}
