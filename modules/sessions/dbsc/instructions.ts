import type { Id } from '@proofline/kernel';
import { boundCookieAttributes, boundCookieName, refreshPath } from './names.ts';

/** What never asks for the issuer’s cookie, and must not wait for a refresh. */
export const cookielessPaths = [
  '/oidc/dbsc',
  '/oidc/token',
  '/oidc/request',
  '/oidc/jwks',
  '/oidc/.well-known',
] as const;

/** What is asked for often, and by the console’s own tokens or by nobody in particular. */
const otherPaths = ['/api', '/assets', '/docs', '/access', '/scim'] as const;

/** The session instructions (DBSC §8.6): which cookie the browser keeps fresh, and for which paths. */
export function instructionsOf(
  sessionId: Id<'ses'>,
  {
    staffOrigin,
    initiators,
  }: { readonly staffOrigin: string; readonly initiators: readonly string[] },
): Readonly<Record<string, unknown>> {
  const domain = new URL(staffOrigin).hostname;
  return {
    session_identifier: sessionId,
    refresh_url: refreshPath,
    scope: {
      origin: staffOrigin,
      include_site: false,
      // Browsers differ in whether the first or the last rule counts (§7.2), so no two of these meet.
      scope_specification: [...cookielessPaths, ...otherPaths].map((path) => ({
        type: 'exclude',
        domain,
        path,
      })),
    },
    // Nobody else’s page makes a browser show its key, not even to see how long that takes (§3.2).
    allowed_refresh_initiators: initiators,
    credentials: [{ type: 'cookie', name: boundCookieName, attributes: boundCookieAttributes }],
  };
}
