import {
  allowSignIn,
  beginAllowing,
  handle,
  hearApplicationAgain,
  listSignInRequests,
  ProblemError,
  refuseSignIn,
  type MountedRoute,
} from '@proofline/protocol';
import { allowSignIn as allow } from '../commands/allow-sign-in.ts';
import { beginAllowing as begin } from '../commands/begin-allowing.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/sign-in-requests.ts`: who is asked is always whoever calls. */
export function signInRequestRoutes(context: Context): MountedRoute[] {
  const { notify, signInRequests } = context;
  return [
    handle(listSignInRequests, ({ caller }) => signInRequests.list(caller.subjectId)),
    handle(beginAllowing, ({ caller, params }) => begin(context, { caller, ...params })),
    handle(allowSignIn, async ({ body, caller }) => {
      await allow(context, { answer: body, caller });
      return undefined;
    }),
    handle(refuseSignIn, async ({ body, caller, params }) => {
      const { sessionId, subjectId } = caller;
      const of = { ...params, sessionId, subjectId, silenceMinutes: body.silenceMinutes };
      if (!(await signInRequests.refuse(of))) throw new ProblemError('sign-in-request.unknown');
      notify({ type: 'sign-in-request.changed', subjectId });
      return undefined;
    }),
    handle(hearApplicationAgain, async ({ caller, params }) => {
      const { sessionId, subjectId } = caller;
      await signInRequests.hearAgain({ ...params, sessionId, subjectId });
      notify({ type: 'sign-in-request.changed', subjectId });
      return undefined;
    }),
  ];
}
