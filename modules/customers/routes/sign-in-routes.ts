import {
  customerSignIn,
  customerSignInOptions,
  customerSignOut,
  handle,
  type MountedRoute,
} from '@proofline/protocol';
import { signIn, signInOptions } from '../commands/sign-in.ts';
import type { Context } from '../context.ts';

/** Holds the secret of a customer's session; the edge reads it. */
export const CUSTOMER_COOKIE = '__Host-customer';

/** The routes of a customer's own sign-in. */
export function signInRoutes(context: Context): MountedRoute[] {
  return [
    handle(customerSignInOptions, () => signInOptions(context)),
    handle(customerSignIn, async ({ body, http }) => {
      const { cookieSecret, maxAgeSeconds } = await signIn(context, body);
      http.setCookie(CUSTOMER_COOKIE, cookieSecret, { maxAgeSeconds });
      return undefined;
    }),
    handle(customerSignOut, async ({ caller, http }) => {
      await context.customerSessions.end(caller.sessionId);
      http.setCookie(CUSTOMER_COOKIE, '', { maxAgeSeconds: 0 });
      return undefined;
    }),
  ];
}
