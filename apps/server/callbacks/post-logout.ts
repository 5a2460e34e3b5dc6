import type { SessionsDeps } from '@proofline/sessions';
import type { CallbackTarget } from './callback-target.ts';
import { postGuarded, systemResolve, type Resolve } from './post-guarded.ts';

/** As long as the answer to a message of single logout may be. */
const ANSWER_MAX_BYTES = 40_000;

/**
 * Hands logout tokens to applications (OpenID Connect Back-Channel Logout 1.0 §2.5). An address inside,
 * or over plain http, is one of those that the operator has named.
 */
export function createPostLogout(
  internalOrigins: readonly string[],
  resolve: Resolve = systemResolve,
): SessionsDeps['postLogout'] {
  return async ({ url, token }) => {
    const body = new URLSearchParams({ logout_token: token }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await postGuarded(targetOf(url, internalOrigins), { body, headers }, resolve);
  };
}

/** The same for SAML’s SOAP binding (saml-bindings-2.0-os §3.2.3), whose answer says what came of it. */
export function createPostSoap(
  internalOrigins: readonly string[],
  resolve: Resolve = systemResolve,
): SessionsDeps['postSoap'] {
  const headers = {
    'content-type': 'text/xml; charset=utf-8',
    soapaction: '"http://www.oasis-open.org/committees/security"',
  };
  return async ({ url, envelope: body }) =>
    postGuarded(
      targetOf(url, internalOrigins),
      { body, headers, answerMaxBytes: ANSWER_MAX_BYTES },
      resolve,
    );
}

function targetOf(url: string, internalOrigins: readonly string[]): CallbackTarget {
  const internal = internalOrigins.includes(new URL(url).origin);
  if (!internal && !url.startsWith('https:')) throw new Error('the address is not https');
  return { url, internal };
}
