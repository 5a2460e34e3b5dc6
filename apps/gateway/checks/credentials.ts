import { authenticateRequest } from '@proofline/enforce';
import { ProblemError } from '@proofline/protocol';
import type { GatewayCheck } from '../exchange.ts';

/** The token is ours, for this gateway alone, and its holder has signed this very request. */
export const credentials: GatewayCheck = {
  name: 'credentials',
  async run(exchange, context) {
    const { method, url, headers } = exchange.request;
    const result = await authenticateRequest(
      {
        method,
        url: url.href,
        authorization: headers['authorization'],
        dpop: headers['dpop'],
        header: (name) => headers[name],
      },
      {
        issuer: `${context.staffOrigin}/oidc`,
        audience: context.origin,
        jwks: context.jwks,
        clock: context.clock,
        replayStore: context.replayStore,
      },
    );
    if (result.ok) {
      exchange.claims = result.value.claims;
      if (result.value.provedBy === 'signature') exchange.covered = result.value.covered;
      return;
    }
    const { code, check } = result.error;
    // A genuine grant that is merely over: its holder may ask for another.
    if (check === 'expired') throw new ProblemError('grant.ended', { internal: check });
    throw new ProblemError(code, { internal: check });
  },
};
