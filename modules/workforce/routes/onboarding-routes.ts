import {
  confirmColleague,
  handle,
  inviteColleague,
  listInvitations,
  onboardingOptions,
  onboardingPasskey,
  onboardingState,
  openOnboarding,
  type HttpExchange,
  type MountedRoute,
  type OnboardingState,
} from '@proofline/protocol';
import { beginRegistration } from '../commands/begin-registration.ts';
import { confirmColleague as confirm } from '../commands/confirm-colleague.ts';
import { invite } from '../commands/invite-colleague.ts';
import { describeInvitation, listInvitations as list } from '../commands/list-invitations.ts';
import { openInvitation } from '../commands/open-invitation.ts';
import { describe, readOnboarding } from '../commands/read-onboarding.ts';
import { registerPasskey } from '../commands/register-passkey.ts';
import type { Context } from '../context.ts';

/** Binds an onboarding to its first device. The prefix keeps it to this host and to a secure channel. */
export const ONBOARDING_COOKIE = '__Host-onboarding';

// As long as the link and then the confirmation can take.
const COOKIE_SECONDS = 14 * 24 * 60 * 60;

const secretOf = (http: HttpExchange) => http.cookie(ONBOARDING_COOKIE);

/** Once told that it is over, the browser forgets whose onboarding it was: others may sit at it tomorrow. */
function told(http: HttpExchange, state: OnboardingState): OnboardingState {
  if (state.state === 'confirmed') http.setCookie(ONBOARDING_COOKIE, '', { maxAgeSeconds: 0 });
  return state;
}

/** The handlers of `routes/onboarding.ts`. */
export function onboardingRoutes(context: Context): MountedRoute[] {
  const { db } = context.storage;
  return [
    handle(inviteColleague, async ({ body, caller, decision }) => {
      const { link, ...invited } = await invite(context, {
        ...body,
        invitedBy: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return { invitation: await describeInvitation(context, db, invited), link };
    }),
    handle(listInvitations, ({ caller, query }) =>
      list(context, {
        subjectId: caller.subjectId,
        sessionId: caller.sessionId,
        state: query.state,
      }),
    ),
    handle(confirmColleague, async ({ body, caller, decision, requestId }) => {
      const confirmed = await confirm(context, {
        ...body,
        requestId,
        confirmedBy: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeInvitation(context, db, confirmed);
    }),
    handle(openOnboarding, async ({ body, http }) => {
      const { secret } = body;
      const opened = await openInvitation(context, { secret, deviceSecret: secretOf(http) });
      if (opened.deviceSecret !== undefined) {
        const options = { maxAgeSeconds: COOKIE_SECONDS };
        http.setCookie(ONBOARDING_COOKIE, opened.deviceSecret, options);
      }
      return describe(opened);
    }),
    handle(onboardingState, async ({ http }) =>
      told(http, await readOnboarding(context, secretOf(http))),
    ),
    handle(onboardingOptions, ({ http }) => beginRegistration(context, secretOf(http))),
    handle(onboardingPasskey, async ({ body, http }) =>
      told(http, await registerPasskey(context, { deviceSecret: secretOf(http), answer: body })),
    ),
  ];
}
