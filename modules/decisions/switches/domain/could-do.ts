import { decide, type PolicySet } from '@proofline/policy';
import { actionNames, caseTypes, routes, type Action, type Role } from '@proofline/protocol';

/** A colleague, as far as their role decides what they could ever do. */
export interface Employed {
  readonly subjectId: string;
  readonly roles: readonly Role[];
}

/**
 * The actions that the policies would permit somebody with everything in order: a call of their own, a
 * fresh proof, a grant. For telling whom a stop concerns; nothing is permitted by it.
 */
export function couldDo(set: PolicySet, person: Employed): ReadonlySet<Action> {
  return new Set(actionNames.filter((action) => isPossible(set, person, action)));
}

function isPossible(set: PolicySet, { subjectId, roles }: Employed, action: Action): boolean {
  const types = new Set(
    routes.flatMap((route) => (route.action === action ? (route.resource?.type ?? []) : [])),
  );
  return caseTypes.some((caseType) =>
    // Records of the guarded system have no route here.
    [...(types.size === 0 ? ['Account'] : types)].some((type) => {
      const { effect } = decide(set, {
        principal: { type: 'Staff', id: subjectId },
        action,
        resource: { type, id: '*' },
        context: inOrder(roles, caseType),
      });
      return effect === 'permit';
    }),
  );
}

function inOrder(roles: readonly Role[], caseType: string) {
  return {
    request: { amountCents: 1, reasonCode: 'goodwill' },
    staff: { roles: [...roles], desk: '', active: true, deviceBoundAuthenticators: 2 },
    session: { live: true, phrAgeSeconds: 0, phrhAgeSeconds: 0, leftAloneSeconds: 0 },
    interaction: {
      state: 'live',
      assignedToSubject: true,
      sameDesk: true,
      wrongCodes: 0,
      overSeconds: 0,
    },
    caseFile: { type: caseType, open: true },
    proof: {
      ageSeconds: 0,
      acr: 'phr',
      purpose: caseType,
      customerMatchesResource: true,
      settled: true,
    },
    grant: { live: true, permitsAction: true },
    approval: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
    approvalRequest: { open: true, requestedBySubject: false, sameDesk: true },
  };
}
