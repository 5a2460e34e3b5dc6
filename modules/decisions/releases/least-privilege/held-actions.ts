import { parsePolicies, type Policy as ParsedPolicy } from '@proofline/cedar';
import type { ReleaseText } from '@proofline/policy';
import { Role } from '@proofline/protocol';

/** A permit of the roles’ layer: which role it gives which actions. */
export interface RolePermit {
  readonly policyId: string;
  readonly path: string;
  readonly role: Role;
  readonly actions: readonly string[];
}

/** What each role holds by a policy of its own. What everybody holds belongs to no role. */
export function rolePermits({ policies }: ReleaseText): RolePermit[] {
  return policies.flatMap(({ path, text }) =>
    parsePolicies(text).flatMap(({ policy }): RolePermit[] => {
      const role = roleOf(policy);
      const actions = actionsOf(policy);
      if (policy.effect !== 'permit' || role === undefined || actions.length === 0) return [];
      return [{ policyId: policy.annotations['id'] ?? '', path, role, actions }];
    }),
  );
}

/** The role that a policy is for; `undefined` where its scope names none. */
export function roleOf({ principal }: Pick<ParsedPolicy, 'principal'>): Role | undefined {
  const { kind } = principal;
  const target = kind === 'in' ? principal.target : kind === 'is' ? principal.in : undefined;
  if (target === undefined || typeof target === 'string') return undefined;
  if (target.type !== 'Proofline::Role') return undefined;
  return Role.safeParse(target.id).data;
}

/** The actions that its scope names. */
export function actionsOf({ action }: Pick<ParsedPolicy, 'action'>): string[] {
  if (action.kind === 'any') return [];
  const targets = action.kind === 'equals' ? [action.target] : action.targets;
  return targets.map(({ id }) => id);
}
