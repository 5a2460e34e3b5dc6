/** The cookie of the browser’s session at the issuer, from which the console renews. */
export function sessionCookieName(staffOrigin: string): string {
  // The prefix binds a cookie to https and to this host (RFC 6265bis §4.1.3).
  return `${staffOrigin.startsWith('https:') ? '__Host-' : ''}oidc_session`;
}
