import { interactionPolicy } from 'oidc-provider';
import { standingConsent } from '../../consents/standing-consent.ts';
import type { SessionsContext } from '../../context.ts';
import { loginAlone } from '../assurance-checks.ts';
import { dataAsked, findUsable } from '../application-client.ts';

/**
 * The one prompt of the customers’ issuer is login as well: the passkey that signs in there agrees to what
 * the application learns. So it is asked for also where somebody is signed in and has not agreed.
 */
export function customerInteractionPolicy(
  context: SessionsContext,
): interactionPolicy.DefaultPolicy {
  const { login, policy } = loginAlone();
  login.checks.add(
    new interactionPolicy.Check(
      'agreed',
      'the customer has not agreed to this',
      'consent_required',
      async ({ oidc }) => {
        const { client, params, session } = oidc;
        const application = await findUsable(context, client?.clientId);
        if (!session?.accountId || !application) return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        const learns = dataAsked(params?.['scope']);
        const of = { customerId: session.accountId, learns };
        return (await standingConsent(context, application, of))
          ? interactionPolicy.Check.NO_NEED_TO_PROMPT
          : interactionPolicy.Check.REQUEST_PROMPT;
      },
    ),
  );
  return policy;
}
