import { isId, type Id } from '@proofline/kernel';
import type { DecisionsDeps } from '@proofline/decisions';
import type { EventHub } from './http/event-hub.ts';

/** Tells the screens that policies changed; everybody, where it is what is in force. */
export function tellPolicies(hub: EventHub): NonNullable<DecisionsDeps['onPoliciesChanged']> {
  return ({ inForce }) => {
    hub.publish({ type: 'policy.changed', desk: '', data: {} });
    if (inForce) hub.publish({ type: 'policies-in-force.changed', desk: '', data: {} });
  };
}

/** Tells the screens of a colleague's desk that they signed in or out: the list of staff counts it. */
export function sessionTeller(
  hub: EventHub,
  findColleague: (id: Id<'stf'>) => Promise<{ readonly desk: string } | undefined>,
): (subjectId: string) => Promise<void> {
  return async (subjectId) => {
    if (!isId('stf', subjectId)) return;
    // A list that is a moment late is no fault; the next event asks for it again.
    const colleague = await findColleague(subjectId).catch(() => undefined);
    if (colleague) hub.publish({ type: 'session.changed', desk: colleague.desk, data: {} });
  };
}
