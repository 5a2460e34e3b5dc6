import { errors, interactionPolicy } from 'oidc-provider';

/**
 * What the request and the application’s policy demand is enforced at the login prompt: after a login that
 * still does not reach it the client is told so (RFC 9470 §5), and the person is not sent in a circle.
 */
export function addAssuranceChecks(login: interactionPolicy.Prompt): void {
  login.checks.add(
    new interactionPolicy.Check(
      'assurance',
      'a stronger or younger authentication is required',
      'login_required',
      (ctx) => {
        const { session, result } = ctx.oidc;
        // What is stated here (sync-session.ts) is stated only where it meets the demand.
        if (!session?.accountId || session.acr !== undefined)
          return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        if (result?.login) {
          throw new errors.CustomOIDCProviderError(
            'unmet_authentication_requirements',
            'none of the requested acr_values was reached',
          );
        }
        return interactionPolicy.Check.REQUEST_PROMPT;
      },
    ),
  );
  login.checks.add(
    new interactionPolicy.Check(
      'nothing_stated',
      'the session is locked, or says nothing that answers this request',
      'login_required',
      ({ oidc }) =>
        oidc.session?.accountId && oidc.session.acr === undefined && !oidc.result?.login
          ? interactionPolicy.Check.REQUEST_PROMPT
          : interactionPolicy.Check.NO_NEED_TO_PROMPT,
    ),
  );
}
