import { isId, type Id } from '@proofline/kernel';
import type { ApprovalChanged, BreakGlassChanged } from '@proofline/approvals';
import type { Customers } from '@proofline/customers';
import type { DecisionsDeps } from '@proofline/decisions';
import type { LevelChange, SessionsDeps } from '@proofline/sessions';
import type { Logger } from 'pino';
import type { WorkforceEvent } from '@proofline/workforce';
import type { EventHub } from './http/event-hub.ts';
import type { Notice } from './http/may-hear.ts';

/** Tells the screens that policies changed; everybody, where it is what is in force. */
export function tellPolicies(hub: EventHub): NonNullable<DecisionsDeps['onPoliciesChanged']> {
  return ({ inForce }) => {
    hub.publish({ type: 'policy.changed', desk: '', data: {} });
    if (inForce) hub.publish({ type: 'policies-in-force.changed', desk: '', data: {} });
  };
}

/** Rooms that stand above the sessions. */
interface Above {
  readonly workforce: {
    findColleague(id: Id<'stf'>): Promise<{ readonly desk: string } | undefined>;
  };
  readonly customers: Pick<Customers, 'tellAsked'>;
  readonly approvals: { sessionEnded(sessionId: Id<'ses'>): unknown };
}

/** Tells the screens of a colleague's desk that they signed in or out: the list of staff counts it. */
export function sessionNews(
  hub: EventHub,
  above: () => Above,
): Required<
  Pick<SessionsDeps, 'onSessionBegun' | 'onSessionEnded' | 'onSessionLocked' | 'onSignInAsked'>
> {
  const tell = async (subjectId: string) => {
    if (!isId('stf', subjectId)) return;
    // A list that is a moment late is no fault; the next event asks for it again.
    const colleague = await above()
      .workforce.findColleague(subjectId)
      .catch(() => undefined);
    if (colleague) hub.publish({ type: 'session.changed', desk: colleague.desk, data: {} });
  };
  return {
    onSessionBegun: ({ subjectId }) => void tell(subjectId),
    onSessionLocked: ({ sessionId }) => hub.lookAgain(sessionId),
    onSignInAsked({ subjectId, ...asked }) {
      // A customer’s page is not told of anything: who is not at it is told at the contact on file.
      if (isId('cus', subjectId))
        void above().customers.tellAsked({ customerId: subjectId, ...asked });
      else hub.publish(noticeOf({ type: 'sign-in-request.changed', subjectId }));
    },
    onSessionEnded({ sessionId, subjectId }) {
      hub.endSession(sessionId);
      void tell(subjectId);
      void above().approvals.sessionEnded(sessionId);
    },
  };
}

/** What the room of approvals tells, as the screens hear it. */
export function approvalNotice(event: ApprovalChanged | BreakGlassChanged): Notice {
  const { desk, staffId: ownerId, type } = event;
  const data =
    type === 'approval.changed'
      ? { approvalId: event.approvalId }
      : { breakGlassId: event.breakGlassId };
  return { type, desk, ownerId, data };
}

/** What the staff's room tells, as the screens hear it. */
export function noticeOf(event: WorkforceEvent): Notice {
  if (event.type !== 'onboarding.changed') {
    return { type: event.type, desk: '', ownerId: event.subjectId, data: {} };
  }
  const { desk, invitationId, type } = event;
  return { type, desk, data: { invitationId } };
}

interface LevelsHeard {
  readonly hub: EventHub;
  readonly logger: Logger;
  /** Sends what was put into the outbox. */
  readonly kick: () => void;
}

/** Tells those whose authenticators count as another level; the log, how many there are. */
export function tellLevels({ hub, kick, logger }: LevelsHeard) {
  return (changes: readonly LevelChange[]): void => {
    const subjects = new Set(changes.map(({ credential }) => credential.subjectId));
    for (const subjectId of subjects) {
      if (!isId('stf', subjectId)) continue;
      hub.publish(noticeOf({ type: 'own-authenticators.changed', subjectId }));
    }
    kick();
    logger.warn({ changes: changes.length }, 'authenticators count as another level than before');
  };
}
