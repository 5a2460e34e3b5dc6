import type { Id } from '@proofline/kernel';
import {
  domainOf,
  isPlumbing,
  isReading,
  unstoppableActions,
  type StopCode,
  type SwitchTarget,
} from '@proofline/protocol';

/** A switch that was thrown and not lifted. */
export interface StandingSwitch {
  readonly switchId: Id<'swt'>;
  readonly target: SwitchTarget;
  readonly reasonCode: StopCode;
  readonly expiresAtMs: number;
  /** The entry `switch.thrown`: a cause of what it stops. */
  readonly evidenceId: Id<'evt'>;
}

/** Who wants to do what: all that a switch looks at. */
export interface StoppableQuestion {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly resource?: { readonly type: string };
  /** Ids of the programs that act for the subject. */
  readonly programs?: readonly string[];
}

/**
 * The switch that stops this now, if one does. Asked before the policies, and of nothing that a
 * switch must not stop: whatever stands in the table, a colleague can lift it, read the evidence, and
 * end what runs.
 */
export function switchedOff(
  switches: readonly StandingSwitch[],
  question: StoppableQuestion,
  nowMs: number,
): StandingSwitch | undefined {
  if (isUnstoppable(question)) return undefined;
  return switches.find(({ target, expiresAtMs }) => nowMs < expiresAtMs && isHit(target, question));
}

/** Whether no switch may ever stop this. */
export function isUnstoppable({ subject, action }: StoppableQuestion): boolean {
  return subject.type === 'Staff' && unstoppableActions.has(action);
}

/** Whether a target covers a question. A service that is stopped stops every chain that it is a link of. */
export function isHit(target: SwitchTarget, question: StoppableQuestion): boolean {
  const { subject, action, resource, programs = [] } = question;
  // Reading under break-glass is a use of it, too: whoever stops that stops this.
  if (resource?.type === 'EmergencyRecord' && isHit(target, { subject, action: 'break-glass:use' }))
    return true;
  // A service has no hand in lifting or reading, so it is stopped whole.
  if (target.kind === 'service')
    return subject.id === target.serviceId || programs.includes(target.serviceId);
  if (target.kind === 'agent') return subject.id === target.subjectId;
  if (isPlumbing(action) || unstoppableActions.has(action)) return false;
  if (target.kind === 'action') return action === target.action;
  if (target.kind === 'domain') return domainOf(action) === target.domain;
  return !isReading(action);
}
