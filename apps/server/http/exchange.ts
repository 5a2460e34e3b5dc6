import type { HttpBindings } from '@hono/node-server';
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
    node: c.env,
    signal: c.req.raw.signal,
  };
}

/**
 * One cookie's value, by its exact name. Read by hand: a parser that trims more than spaces and tabs
 * takes `\u00a0__Host-…`, which a sibling subdomain may set, for the real one. Two of one name are none:
 * a `__Host-` cookie cannot stand twice, so one of them was planted.
 */
export function readCookie(header: string | undefined, name: string): string | undefined {
  const values = (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return values.length === 1 ? values[0] : undefined;
}
