import type { HttpBindings } from '@hono/node-server';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Saml } from '@proofline/sessions';
import type { Context } from 'hono';
import type { Edge } from './mount-route.ts';

const COUNTED = new Set(['sso', 'slo', 'continue', 'metadata', 'signed-out']);

/** The SAML identity provider within the same bounds as the issuer: address → body → place → turn. */
export function serveSaml(
  saml: Saml | undefined,
  edge: Pick<Edge, 'rateLimit' | 'addressOf' | 'intake'>,
) {
  return async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    if (!saml) throw new ProblemError('route.unknown');
    const { incoming } = c.env;
    const { pathname, search } = new URL(c.req.url);
    const name = pathname.split('/')[2] ?? '';
    edge.rateLimit.check({
      address: edge.addressOf(incoming),
      // Names are the caller's to invent; those that are none count as one.
      routeId: `saml.${COUNTED.has(name) ? name : 'other'}`,
    });
    const hasBody = c.req.method === 'POST';
    const body = hasBody
      ? await edge.intake.receive(incoming, limits.requestBodyMaxBytes)
      : new Uint8Array();
    const reply = await edge.intake.inTurn('issuer', incoming, () =>
      saml.handle({
        method: c.req.method,
        path: pathname,
        query: search.slice(1),
        cookie: incoming.headers.cookie,
        contentType: incoming.headers['content-type'],
        body,
      }),
    );
    const headers = new Headers();
    for (const [header, value] of Object.entries(reply.headers)) {
      for (const one of typeof value === 'string' ? [value] : value) headers.append(header, one);
    }
    return new Response(reply.body, { status: reply.status, headers });
  };
}
