import type { HttpBindings } from '@hono/node-server';
import type { HttpExchange } from '@proofline/protocol';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

/** What of HTTP a handler may touch, from Hono's context. */
export function exchangeOf(c: Context<{ Bindings: HttpBindings }>): HttpExchange {
  return {
    cookie: (name) => getCookie(c, name),
    setCookie: (name, value, options) =>
      setCookie(c, name, value, {
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: options.maxAgeSeconds,
      }),
    header: (name) => c.req.header(name),
    node: c.env,
    signal: c.req.raw.signal,
  };
}
