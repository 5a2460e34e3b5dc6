import { decide, type PolicySet, type Question } from '@proofline/policy';
import { roles, type Action, type PolicyFault, type Role } from '@proofline/protocol';

/** What must stay possible for somebody, or nothing could ever be put right again. */
const needed: readonly { readonly action: Action; readonly type: string }[] = [
  { action: 'policy:propose', type: 'Policies' },
  { action: 'policy:promote', type: 'PolicyCandidate' },
  { action: 'policy:rollback', type: 'Policies' },
];

/**
 * What nobody could do any more under these policies: not even a colleague of any one role, in a
 * live session, who has just proved who they are.
 */
export function findLockOut(set: PolicySet): PolicyFault[] {
  return needed
    .filter(({ action, type }) =>
      roles.every((role) => decide(set, atBest({ action, type, role })).effect === 'deny'),
    )
    .map(({ action }) => ({
      code: 'release.locks-out',
      path: '',
      line: 1,
      column: 1,
      text: `Under these policies nobody may ${action}, so they could never be changed again.`,
    }));
}

function atBest({
  action,
  type,
  role,
}: {
  readonly action: Action;
  readonly type: string;
  readonly role: Role;
}): Question {
  return {
    principal: { type: 'Staff', id: 'anybody' },
    action,
    resource: { type, id: '*' },
    context: {
      request: {},
      staff: { roles: [role], desk: '', active: true, deviceBoundAuthenticators: 2 },
      session: { live: true, phrAgeSeconds: 0, phrhAgeSeconds: 0, leftAloneSeconds: 0 },
      policyChange: {
        open: true,
        proposedBySubject: false,
        vouched: true,
        vouchedBySubject: false,
        casesPass: true,
        current: true,
      },
    },
  };
}
