import {
  beginCustomerConsent,
  customerSignInPrompt,
  handle,
  leaveCustomerSignIn,
  proveCustomerConsent,
  type MountedRoute,
} from '@proofline/protocol';
import { customerCookieName } from '@proofline/sessions';
import { beginApplicationSignIn, signInToApplication } from '../commands/sign-in-to-application.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/customer-applications.ts` at which somebody is asked to sign in. */
export function applicationSignInRoutes(context: Context): MountedRoute[] {
  const { companyName: company, customerSignInFlow } = context;
  return [
    handle(customerSignInPrompt, async ({ http, params }) => {
      const { acr, agreed, terms, termsDigest } = await customerSignInFlow.prompt(http, params.uid);
      const { host, learns, name } = terms;
      const application = { name, host, learns };
      return { company, application, agreed, ...(acr && { acr }), terms: termsDigest };
    }),
    handle(beginCustomerConsent, ({ body, http, params }) =>
      beginApplicationSignIn(context, { http, uid: params.uid, termsSeen: body.terms }),
    ),
    handle(proveCustomerConsent, async ({ body, http, params }) => {
      const of = { http, uid: params.uid, answer: body };
      const { cookieSecret, maxAgeSeconds, redirectTo } = await signInToApplication(context, of);
      http.setCookie(customerCookieName, cookieSecret, { maxAgeSeconds });
      return { redirectTo };
    }),
    handle(leaveCustomerSignIn, ({ http, params }) => customerSignInFlow.cancel(http, params.uid)),
  ];
}
