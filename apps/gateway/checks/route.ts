import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';
import { matchRoute } from '../upstream/match-route.ts';

/** Default deny: an operation that the mapping does not name does not exist. */
export const route: GatewayCheck = {
  name: 'route',
  async run(exchange, context) {
    const { method, url } = exchange.request;
    const match = matchRoute(context.operations, method, url.pathname);
    if (!match) throw new ProblemError('route.unknown');
    exchange.match = match;
  },
};
