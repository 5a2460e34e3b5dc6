import { errors, interactionPolicy } from 'oidc-provider';

/**
 * The policy of one prompt, login: of an issuer whose applications are registered, nothing else is asked. The
 * library’s own checks (session, max_age, hints) stay.
 */
export function loginAlone(): {
  readonly policy: interactionPolicy.DefaultPolicy;
  readonly login: interactionPolicy.Prompt;
} {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const login = policy.get('login');
  if (!login) throw new Error('oidc-provider has lost its login prompt');
  addAssuranceChecks(login);
  return { policy, login };
}

/**
 * What the request and the application’s policy demand is enforced at the login prompt: after a login that
 * still does not reach it the client is told so (RFC 9470 §5), and the person is not sent in a circle.
 */
function addAssuranceChecks(login: interactionPolicy.Prompt): void {
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
