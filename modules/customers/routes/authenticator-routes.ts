import {
  beginCustomerAct,
  handle,
  proveCustomerAct,
  readCustomerAuthenticators,
  registerCustomerAuthenticator,
  type MountedRoute,
} from '@proofline/protocol';
import { beginOwnAct } from '../commands/begin-own-act.ts';
import { proveOwnAct } from '../commands/prove-own-act.ts';
import { readOwnAuthenticators } from '../commands/read-own-authenticators.ts';
import { registerOwn } from '../commands/register-own.ts';
import type { Context } from '../context.ts';
import type { Messages } from '../types.ts';

/** The routes of a customer's own passkeys: the customer is always whoever calls. */
export function authenticatorRoutes(context: Context, messages: Messages): MountedRoute[] {
  return [
    handle(readCustomerAuthenticators, ({ caller }) =>
      readOwnAuthenticators(context, caller.customerId),
    ),
    handle(beginCustomerAct, ({ body, caller }) => beginOwnAct(context, { caller, act: body.act })),
    handle(proveCustomerAct, ({ body, caller }) =>
      proveOwnAct(context, messages, { caller, answer: body }),
    ),
    handle(registerCustomerAuthenticator, async ({ body, caller }) => {
      await registerOwn(context, messages, { caller, answer: body });
      return undefined;
    }),
  ];
}
