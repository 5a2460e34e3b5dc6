import type { MiddlewareHandler } from 'hono';

/** What every answer of a realm's origin says to browsers. */
export function securityHeaders(options: {
  /** As the browser knows it: behind a proxy that ends TLS, the request itself looks like http. */
  readonly origin: string;
  readonly connectTo: readonly string[];
  readonly framedBy: "'self'" | "'none'";
}): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${options.connectTo.join(' ')}`.trim(),
    // The staff's sign-in page stands in a frame of the console itself; nobody else frames anything.
    `frame-src ${options.framedBy}`,
    `frame-ancestors ${options.framedBy}`,
    "form-action 'self'",
    "base-uri 'none'",
  ].join('; ');
  return async (c, next) => {
    await next();
    // A page of the SAML identity provider has one of its own, for the one form that it submits.
    if (!c.res.headers.has('content-security-policy')) {
      c.res.headers.set('content-security-policy', policy);
    }
    c.res.headers.set('x-content-type-options', 'nosniff');
    c.res.headers.set('referrer-policy', 'no-referrer');
    c.res.headers.set('cross-origin-opener-policy', 'same-origin');
    c.res.headers.set('cross-origin-resource-policy', 'same-origin');
    c.res.headers.set(
      'permissions-policy',
      'publickey-credentials-get=(self), publickey-credentials-create=(self), camera=(), microphone=(), geolocation=()',
    );
    if (options.origin.startsWith('https://')) {
      c.res.headers.set('strict-transport-security', 'max-age=63072000');
    }
  };
}
