import { CedarSyntaxError, parsePolicies, type Policy } from '@proofline/cedar';
import { actionsOf, roleOf, type RolePermit } from './held-actions.ts';

/** Something that a role is no longer to hold. */
export type Removal = Pick<RolePermit, 'role'> & { readonly action: string };

type File = { readonly path: string; readonly text: string };

/**
 * A file of policies without these actions of these roles. A permit that is left without any action
 * goes as a whole; comments and everything else stay as they were written.
 *
 * What was changed is read again and compared, policy by policy, with what was meant: `undefined` where
 * the text is written so that only a person can change it.
 */
export function takeOut({ path, text }: File, removals: readonly Removal[]): File | undefined {
  let changed = text;
  const before = parsePolicies(text);
  const meant: Policy[] = [];
  // From the end, so that what stands before keeps its place.
  for (const { policy, span } of [...before].reverse()) {
    const gone = goneFrom(policy, removals);
    const left = actionsOf(policy).filter((action) => !gone.has(action));
    if (gone.size === 0) {
      meant.unshift(policy);
      continue;
    }
    const written = changed.slice(span.start, span.end);
    const next = left.length === 0 ? '' : withActions(written, left);
    if (left.length > 0) meant.unshift(withoutActions(policy, gone));
    const tail = changed.slice(span.end);
    changed = `${changed.slice(0, span.start)}${next}${next === '' ? tail.replace(/^\n\n/, '\n') : tail}`;
  }
  return saysThis(changed, meant) ? { path, text: `${changed.trimEnd()}\n` } : undefined;
}

function goneFrom(policy: Policy, removals: readonly Removal[]): ReadonlySet<string> {
  const role = roleOf(policy);
  if (policy.effect !== 'permit' || role === undefined) return new Set();
  const held = actionsOf(policy);
  return new Set(
    removals.flatMap((one) => (one.role === role && held.includes(one.action) ? one.action : [])),
  );
}

/** The first list of actions is the scope’s: it stands before every condition. */
function withActions(written: string, left: readonly string[]): string {
  const list = left.map((id) => `Proofline::Action::${JSON.stringify(id)}`);
  const [only] = list;
  const scope =
    list.length === 1 ? `action == ${only}` : `action in\n    [${list.join(',\n     ')}]`;
  return written.replace(/\baction\s+in\s*\[[^\]]*\]/, () => scope);
}

function withoutActions(policy: Policy, gone: ReadonlySet<string>): Policy {
  if (policy.action.kind !== 'in') return policy;
  const targets = policy.action.targets.filter(({ id }) => !gone.has(id));
  const [only] = targets;
  const action =
    targets.length === 1 && only
      ? ({ kind: 'equals', target: only } as const)
      : ({ kind: 'in', targets } as const);
  return { ...policy, action };
}

function saysThis(text: string, meant: readonly Policy[]): boolean {
  try {
    const written = parsePolicies(text).map(({ policy }) => policy);
    return spelled(written) === spelled(meant);
  } catch (error) {
    if (error instanceof CedarSyntaxError) return false;
    throw error;
  }
}

/** 64-bit numbers are no JSON. */
function spelled(policies: readonly Policy[]): string {
  return JSON.stringify(policies, (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
}
