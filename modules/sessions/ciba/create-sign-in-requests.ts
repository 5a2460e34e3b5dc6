import type { Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import type { SignInRequests } from '../types.ts';
import { isTakenFrom, prepareAllowing } from './commands/allow-sign-in.ts';
import { findAsked, listAsked } from './commands/list-asked.ts';
import { hearAgain, refuseSignIn } from './commands/refuse-sign-in.ts';

/** @see SignInRequests */
export function createSignInRequests(context: SessionsContext, provider: Provider): SignInRequests {
  return {
    list: (subjectId) => listAsked(context, subjectId),
    find: (of) => findAsked(context, of),
    isTakenFrom: (of) => isTakenFrom(context, of),
    prepareAllowing: (of) => prepareAllowing(context, provider, of),
    refuse: (of) => refuseSignIn(context, of),
    hearAgain: (of) => hearAgain(context, of),
  };
}
