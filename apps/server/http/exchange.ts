import type { HttpBindings } from '@hono/node-server';
import { cookieValues } from '@proofline/kernel';
import type { HttpExchange } from '@proofline/protocol';
import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';

/** What of HTTP a handler may touch, from Hono's context. */
export function exchangeOf(c: Context<{ Bindings: HttpBindings }>): HttpExchange {
  return {
    cookie: (name) => readCookie(c.req.header('cookie'), name),
    setCookie: (name, value, options) =>
      setCookie(c, name, value, {
        httpOnly: true,
        secure: true,
        sameSite: 'Strict',
        path: '/',
        maxAge: options.maxAgeSeconds,
      }),
    header: (name) => c.req.header(name),
    setHeader: (name, value) => c.header(name, value),
    node: c.env,
    signal: c.req.raw.signal,
  };
}

/** One cookie's value. Two of one name are none: a `__Host-` cookie cannot stand twice. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = cookieValues(header, name);
  return values.length === 1 ? values[0] : undefined;
}
