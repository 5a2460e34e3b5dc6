/** Below the issuer’s path, hence within its bounds; the draft names no paths. */
export const registrationPath = '/oidc/dbsc/registration';
export const refreshPath = '/oidc/dbsc/refresh';

/** The short-lived cookie that only the holder of the device’s key obtains anew. */
export const boundCookieName = '__Host-oidc_bound';

/** As the session’s instructions name them and as the cookie is set: the browser compares both. */
export const boundCookieAttributes = 'Path=/; Secure; HttpOnly; SameSite=Lax';

/** How long a copy of the cookie is worth something. Much shorter, and browsers refresh all the time. */
export const boundCookieSeconds = 10 * 60;

/** A challenge waits in the browser for the next refresh, which comes when the cookie has run out. */
export const challengeSeconds = 15 * 60;

/** DBSC §8.10: nothing else is defined. */
export const algorithms = ['ES256', 'RS256'] as const;
/** One of {@link algorithms}. */
export type Algorithm = (typeof algorithms)[number];
