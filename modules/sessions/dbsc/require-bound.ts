import type { IncomingMessage } from 'node:http';
import { cookieValues } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { refuseUse } from '../commands/refuse-use.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow } from '../store/session-rows.ts';
import { sessionCookieName } from '../oidc/session-cookie-name.ts';
import { hasBoundCookie } from './bound-cookie.ts';
import { cookielessPaths } from './instructions.ts';
import { findBoundByCookies } from './store/device-key-rows.ts';

/** What the library makes its ids of, and hence the only values that both of us read alike. */
const readAlike = /^[\w-]{1,128}$/;

const isBelow = (url: string, path: string): boolean =>
  url === path || url.startsWith(`${path}/`) || url.startsWith(`${path}?`);

/**
 * Takes the issuer’s session cookie out of a request that does not show what its session is bound to,
 * before the library sees it: whatever that cookie opens now or later, it opens nothing here. That a
 * session is bound stands in the database; nothing that a request leaves out makes it unbound.
 */
export async function requireBound(
  context: SessionsContext,
  incoming: IncomingMessage,
): Promise<void> {
  if (cookielessPaths.some((path) => isBelow(incoming.url ?? '', path))) return;
  const header = incoming.headers.cookie;
  const name = sessionCookieName(context.staffOrigin);
  const [value, ...more] = cookieValues(header, name);
  if (value === undefined) return;
  // The library takes quotes off, finds no cookie after a tab, and takes the first of several: what it
  // might read otherwise than we do, it does not get to read. No browser sends any of these.
  if (more.length > 0 || !readAlike.test(value)) {
    incoming.headers.cookie = withoutCookie(header ?? '', name);
    return;
  }
  const { clock, cookieKeys, storage, tenant } = context;
  const bound = await findBoundByCookies(storage.byKey, tenant, [sha256Base64url(value)]);
  const nowMs = clock.now();
  for (const { session_id: sessionId } of bound) {
    if (hasBoundCookie(cookieKeys, header, { sessionId, nowMs })) continue;
    incoming.headers.cookie = withoutCookie(header ?? '', name);
    const row = await findOpenRow(storage.byKey, tenant, { session_id: sessionId });
    if (row) await refuseUse(context, row, 'device-key');
    return;
  }
}

/** A `Cookie` header without this cookie and without the library’s signature of it. */
function withoutCookie(header: string, name: string): string {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => !pair.startsWith(`${name}=`) && !pair.startsWith(`${name}.sig=`))
    .join('; ');
}
