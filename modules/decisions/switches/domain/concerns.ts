import type { PolicySet } from '@proofline/policy';
import type { SwitchTarget } from '@proofline/protocol';
import { couldDo, type Employed } from './could-do.ts';
import { isHit, isUnstoppable } from './switched-off.ts';

/**
 * Whether a switch concerns a colleague: it is on them, or it stops something that they could do. A
 * service’s concerns whoever works through it, which nobody here knows: so everybody.
 */
export function concerns(set: PolicySet, target: SwitchTarget, person: Employed): boolean {
  if (target.kind === 'agent') return target.subjectId === person.subjectId;
  if (target.kind === 'service') return true;
  const subject = { type: 'Staff', id: person.subjectId };
  return [...couldDo(set, person)].some(
    (action) => !isUnstoppable({ subject, action }) && isHit(target, { subject, action }),
  );
}
