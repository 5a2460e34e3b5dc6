import type { SessionsDeps } from '@proofline/sessions';
import { NotTaken, postGuarded, systemResolve, type Resolve } from './post-guarded.ts';

/**
 * Tells applications that a request of theirs was answered (CIBA Core §10.2), with the token that they
 * gave for it: over https alone. An address inside is one of those that the operator has named. What is redirected or
 * refused (3xx, 4xx) is not sent again.
 */
export function createPostPing(
  internalOrigins: readonly string[],
  resolve: Resolve = systemResolve,
): SessionsDeps['postPing'] {
  return async ({ authReqId, token, url }) => {
    if (!url.startsWith('https:')) throw new Error('the address is not https');
    const internal = internalOrigins.includes(new URL(url).origin);
    const body = JSON.stringify({ auth_req_id: authReqId });
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    try {
      await postGuarded({ url, internal }, { body, headers }, resolve);
      return 'taken';
    } catch (error) {
      const isRefused =
        error instanceof NotTaken && error.statusCode >= 300 && error.statusCode < 500;
      if (isRefused) return 'refused';
      throw error;
    }
  };
}
