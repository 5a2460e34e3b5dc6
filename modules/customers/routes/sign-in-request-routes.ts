import {
  allowCustomerSignIn,
  beginCustomerAllowing,
  handle,
  hearCustomersApplicationAgain,
  listCustomerSignInRequests,
  ProblemError,
  refuseCustomerSignIn,
  type MountedRoute,
} from '@proofline/protocol';
import { allowSignIn } from '../commands/allow-sign-in.ts';
import { beginAllowing } from '../commands/begin-allowing.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/customer-sign-in-requests.ts`: who is asked is always whoever calls. */
export function signInRequestRoutes(context: Context): MountedRoute[] {
  const { customerSignInRequests: asked } = context;
  return [
    handle(listCustomerSignInRequests, ({ caller }) => asked.list(caller.customerId)),
    handle(beginCustomerAllowing, ({ caller, params }) =>
      beginAllowing(context, { caller, ...params }),
    ),
    handle(allowCustomerSignIn, async ({ body, caller }) => {
      await allowSignIn(context, { answer: body, caller });
      return undefined;
    }),
    handle(refuseCustomerSignIn, async ({ body, caller, params }) => {
      const { customerId: subjectId, sessionId } = caller;
      const of = { ...params, sessionId, subjectId, silenceMinutes: body.silenceMinutes };
      if (!(await asked.refuse(of))) throw new ProblemError('sign-in-request.unknown');
      return undefined;
    }),
    handle(hearCustomersApplicationAgain, async ({ caller, params }) => {
      const { customerId: subjectId, sessionId } = caller;
      await asked.hearAgain({ ...params, sessionId, subjectId });
      return undefined;
    }),
  ];
}
