import { errors, interactionPolicy } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { satisfiesAcr } from '../domain/levels.ts';
import { commandLineClientId } from './clients.ts';
import { asksWithForeignKey } from './console-key.ts';

/** `acr_values` of a request, which the specification calls voluntary and we do not. */
export function acrValuesOf(text: unknown): string[] {
  return typeof text === 'string' ? text.split(' ').filter(Boolean) : [];
}

/**
 * The one prompt that there is: login. Nobody is asked for consent, because the only client is the
 * operator's own. To the library's checks (session, max_age, hints) comes one that enforces
 * `acr_values`: after a login that still does not reach them the client is told so (RFC 9470 §5)
 * and the person is not sent in a circle. A session answers for the key for which a passkey has
 * answered in it, and for no other: whoever copies the cookie has not got the key.
 */
export function createInteractionPolicy(context: SessionsContext): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const login = policy.get('login');
  if (!login) throw new Error('oidc-provider has lost its login prompt');
  login.checks.add(
    new interactionPolicy.Check(
      'acr_values',
      'a stronger authentication is required',
      'login_required',
      (ctx) => {
        const { session, params, result } = ctx.oidc;
        const wanted = acrValuesOf(params?.acr_values);
        if (wanted.length === 0 || !session?.accountId)
          return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        const { acr } = session;
        if ((acr === 'phr' || acr === 'phrh') && satisfiesAcr(acr, wanted)) {
          return interactionPolicy.Check.NO_NEED_TO_PROMPT;
        }
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
