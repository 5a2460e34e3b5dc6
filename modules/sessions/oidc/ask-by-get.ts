import type { IncomingMessage, ServerResponse } from 'node:http';

const path = '/oidc/auth';

/** What an authorization request may say in an address; a token or a code that strays in may not. */
const spoken = new Set(
  (
    'client_id request_uri request response_type response_mode redirect_uri scope state nonce ' +
    'code_challenge code_challenge_method dpop_jkt acr_values max_age prompt display claims ' +
    'ui_locales claims_locales resource authorization_details'
  ).split(' '),
);

/** They tell who somebody is: a request with one is pushed. */
const hints = ['login_hint', 'id_token_hint'];

/**
 * OpenID Connect Core §3.1.2.1 has the authorization endpoint take POST as well. The session's cookie is
 * `SameSite=Lax` and does not come with another site's POST; so the browser is sent to ask by GET, with
 * which it does. A request that is too long for an address is pushed (RFC 9126).
 */
export function askByGet(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { body, urlMaxChars }: { readonly body: Uint8Array; readonly urlMaxChars: number },
): boolean {
  const [asked, query] = (incoming.url ?? '').split('?', 2);
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (incoming.method !== 'POST' || asked !== path || query !== undefined || !isForm) return false;
  const form = new URLSearchParams(Buffer.from(body).toString());
  if (hints.some((name) => form.has(name))) return false;
  const location = `${path}?${new URLSearchParams([...form].filter(([name]) => spoken.has(name)))}`;
  if (location.length > urlMaxChars) return false;
  outgoing.writeHead(303, { location, 'cache-control': 'no-store' });
  outgoing.end();
  return true;
}
