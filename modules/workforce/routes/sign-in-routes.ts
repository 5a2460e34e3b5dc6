import {
  handle,
  signInAssertion,
  signInCancel,
  signInOptions,
  signInPrompt,
  type MountedRoute,
} from '@proofline/protocol';
import { beginSignIn } from '../commands/begin-sign-in.ts';
import { signIn } from '../commands/sign-in.ts';
import type { Context } from '../context.ts';

/** The handlers of `routes/sign-in.ts`. */
export function signInRoutes(context: Context): MountedRoute[] {
  const { signInFlow } = context;
  return [
    handle(signInPrompt, async ({ http, params }) => {
      // Who is signed in stays here: the page says only what it needs to say.
      const { subjectId: _, ...prompt } = await signInFlow.prompt(http, params.uid);
      return prompt;
    }),
    handle(signInOptions, ({ http, params }) => beginSignIn(context, { http, uid: params.uid })),
    handle(signInAssertion, ({ body, http, params }) =>
      signIn(context, { http, uid: params.uid, answer: body }),
    ),
    handle(signInCancel, ({ http, params }) => signInFlow.cancel(http, params.uid)),
  ];
}
