import {
  customerSignIn,
  customerSignInOptions,
  customerSignOut,
  handle,
  readCustomerPage,
  type MountedRoute,
} from '@proofline/protocol';
import { customerCookieName } from '@proofline/sessions';
import { signIn, signInOptions } from '../commands/sign-in.ts';
import type { Context } from '../context.ts';

/** The routes of a customer's own sign-in. */
export function signInRoutes(context: Context): MountedRoute[] {
  return [
    handle(readCustomerPage, () => Promise.resolve({ company: context.companyName })),
    handle(customerSignInOptions, () => signInOptions(context)),
    handle(customerSignIn, async ({ body, http }) => {
      const { cookieSecret, maxAgeSeconds } = await signIn(context, body);
      http.setCookie(customerCookieName, cookieSecret, { maxAgeSeconds });
      return undefined;
    }),
    handle(customerSignOut, async ({ caller, http }) => {
      await context.customerSessions.end(caller.sessionId);
      http.setCookie(customerCookieName, '', { maxAgeSeconds: 0 });
      return undefined;
    }),
  ];
}
