import type { Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import type { CustomerSignInRequests, SignInRequests } from '../types.ts';
import { isTakenFrom, prepareAllowing } from './commands/allow-sign-in.ts';
import { listingOfCustomers, listingOfStaff } from './commands/list-asked.ts';
import { hearAgain, refuseSignIn } from './commands/refuse-sign-in.ts';

/** @see SignInRequests */
export function createSignInRequests(context: SessionsContext, provider: Provider): SignInRequests {
  return {
    ...listingOfStaff(context),
    isTakenFrom: (of) => isTakenFrom(context, of),
    prepareAllowing: (of) => prepareAllowing(context, provider, of),
    refuse: (of) => refuseSignIn(context, of),
    hearAgain: (of) => hearAgain(context, of),
  };
}

/** @see CustomerSignInRequests */
export function createCustomerSignInRequests(
  context: SessionsContext,
  provider: Provider,
): CustomerSignInRequests {
  return {
    ...listingOfCustomers(context),
    prepareAllowing: (of) => prepareAllowing(context, provider, of),
    refuse: (of) => refuseSignIn(context, of),
    hearAgain: (of) => hearAgain(context, of),
  };
}
