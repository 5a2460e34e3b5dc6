import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { limits } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { Context } from 'hono';
import type { Edge } from './mount-route.ts';

/**
 * oidc-provider below `/oidc`, which is given the body that we have read. Answers which client has proved
 * itself in the request, if one has.
 */
export type Issuer = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Uint8Array,
) => Promise<string | undefined>;

const COUNTED = new Set(['auth', 'request', 'token', 'jwks', 'dbsc']);

/**
 * The issuer of a realm within the same bounds as our own routes: address → body → place → turn. Each realm
 * is counted for itself: what customers at an address use up, the staff there do not lack.
 */
export function serveIssuer(
  { issuer, realm }: { readonly issuer: Issuer; readonly realm: Realm },
  edge: Pick<Edge, 'rateLimit' | 'addressOf' | 'intake'>,
) {
  return async (c: Context<{ Bindings: HttpBindings }>): Promise<Response> => {
    const { incoming, outgoing } = c.env;
    const [, , name = '', uid] = c.req.path.split('/');
    const counted = edge.rateLimit.check({
      address: edge.addressOf(incoming),
      // Names are the caller's to invent; those that are none count as one.
      routeId: `oidc.${realm}.${COUNTED.has(name) ? name : 'other'}`,
      ceremonyId: name === 'auth' ? uid : undefined,
    });
    const hasBody = c.req.method === 'POST';
    const body = hasBody
      ? await edge.intake.receive(incoming, limits.formBodyMaxBytes)
      : new Uint8Array();
    const clientId = await edge.intake.inTurn(`issuer ${realm}`, incoming, () =>
      issuer(incoming, outgoing, body),
    );
    if (clientId !== undefined) counted.provedBy(clientId);
    return RESPONSE_ALREADY_SENT;
  };
}
