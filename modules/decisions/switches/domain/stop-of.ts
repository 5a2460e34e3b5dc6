import type { Id } from '@proofline/kernel';
import { stopCodes, type Reason } from '@proofline/protocol';
import {
  isUnstoppable,
  switchedOff,
  type StandingSwitch,
  type StoppableQuestion,
} from './switched-off.ts';

/** Why nothing is asked of the policies. */
export interface Stop {
  readonly reason: Reason;
  /** Absent when the switches could not be read. */
  readonly thrown?: { readonly switchId: Id<'swt'>; readonly evidenceId: Id<'evt'> };
}

/** What a node says that does not know the switches: anything might be stopped, so all of it is (P7). */
const unreadable: Stop = {
  reason: {
    policy: 'switch.unreadable',
    effect: 'forbid',
    text: 'It cannot be seen now whether security has stopped this, so it is refused. Try again in a moment.',
  },
};

/** The stop of a question, where there is one. `undefined` switches: they could not be read. */
export function stopOf(
  switches: readonly StandingSwitch[] | undefined,
  question: StoppableQuestion,
  nowMs: number,
): Stop | undefined {
  if (switches === undefined) return isUnstoppable(question) ? undefined : unreadable;
  const found = switchedOff(switches, question, nowMs);
  return found && stopBy(found);
}

/** The code is for everybody; whose account it is about and the note are not (P9). */
function stopBy({ switchId, evidenceId, reasonCode }: StandingSwitch): Stop {
  return {
    reason: {
      policy: `switch.${switchId}`,
      effect: 'forbid',
      text: `Security has stopped this for now: ${stopCodes[reasonCode]}. Nothing that you do here opens it; your supervisor or security can say how to go on.`,
    },
    thrown: { switchId, evidenceId },
  };
}
