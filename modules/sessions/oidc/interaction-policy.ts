import { errors, interactionPolicy } from 'oidc-provider';
import { postureFault } from '../applications/commands/posture-fault.ts';
import type { SessionsContext } from '../context.ts';
import { findLiveRow } from '../find-live.ts';
import { findUsable } from './application-client.ts';
import { loginAlone } from './assurance-checks.ts';
import { commandLineClientId } from './clients.ts';
import { asksWithForeignKey } from './console-key.ts';

/**
 * The one prompt that there is: login. Nobody is asked for consent, because every client is the
 * operator's own, or registered by its security administrators. To the library's checks (session,
 * max_age, hints) comes one that enforces what the request and the application's policy demand:
 * after a login that still does not reach it the client is told so (RFC 9470 §5) and the person is
 * not sent in a circle. A session answers the console for the key for which a passkey has answered
 * in it, and for no other: whoever copies the cookie has not got the key.
 */
export function createInteractionPolicy(context: SessionsContext): interactionPolicy.DefaultPolicy {
  const { login, policy } = loginAlone();
  login.checks.add(
    new interactionPolicy.Check(
      'a_person_answers',
      'a program on this computer asks for one act',
      'login_required',
      ({ oidc }) =>
        // RFC 8252 §8.6: any program can claim to be this client, so no session answers for anybody.
        oidc.client?.clientId === commandLineClientId && !oidc.result?.login
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      'posture',
      'this machine or browser is not one that the application takes',
      'login_required',
      async ({ oidc }) => {
        const demanded = (await findUsable(context, oidc.client?.clientId))?.policy;
        const row =
          demanded &&
          oidc.session?.accountId &&
          (await findLiveRow(context, { oidc_uid: oidc.session.uid }));
        if (!demanded || !row) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        const because = await postureFault(context, context.storage.db, {
          policy: demanded,
          row,
        });
        if (because === undefined) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        // No passkey makes another machine of this one.
        throw new errors.CustomOIDCProviderError('unmet_authentication_requirements', because);
      },
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      'details_are_read',
      'a person agrees to what is asked for, each time',
      'login_required',
      ({ oidc }) =>
        oidc.params?.['authorization_details'] !== undefined && !oidc.result?.login
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      'console_key',
      'this session is for another key',
      'login_required',
      async (ctx) =>
        (await asksWithForeignKey(context, ctx))
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
    ),
  );
  return policy;
}
