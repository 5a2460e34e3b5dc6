import {
  beginOwnAct,
  handle,
  proveOwnAct,
  readOwnAuthenticators,
  registerOwnAuthenticator,
  type MountedRoute,
} from '@proofline/protocol';
import { beginOwnAct as begin } from '../commands/begin-own-act.ts';
import { proveOwnAct as prove } from '../commands/prove-own-act.ts';
import { readOwnAuthenticators as read } from '../commands/read-own-authenticators.ts';
import { registerOwn } from '../commands/register-own.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/authenticators.ts`: the subject is always whoever calls. */
export function authenticatorRoutes(context: Context): MountedRoute[] {
  return [
    handle(readOwnAuthenticators, ({ caller }) => read(context, caller.subjectId)),
    handle(beginOwnAct, ({ body, caller }) => begin(context, { caller, act: body.act })),
    handle(proveOwnAct, ({ body, caller }) => prove(context, { caller, answer: body })),
    handle(registerOwnAuthenticator, async ({ body, caller }) => {
      await registerOwn(context, { caller, answer: body });
      return undefined;
    }),
  ];
}
