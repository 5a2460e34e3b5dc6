import type { SessionsDeps } from '@proofline/sessions';
import { postGuarded, systemResolve, type Resolve } from './post-guarded.ts';

/**
 * Hands logout tokens to applications (OpenID Connect Back-Channel Logout 1.0 §2.5). An address inside,
 * or over plain http, is one of those that the operator has named.
 */
export function createPostLogout(
  internalOrigins: readonly string[],
  resolve: Resolve = systemResolve,
): SessionsDeps['postLogout'] {
  return async ({ url, token }) => {
    const internal = internalOrigins.includes(new URL(url).origin);
    if (!internal && !url.startsWith('https:')) throw new Error('the address is not https');
    const body = new URLSearchParams({ logout_token: token }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await postGuarded({ url, internal }, { body, headers }, resolve);
  };
}
