import type { HttpBindings } from '@hono/node-server';
import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { MiddlewareHandler } from 'hono';

/** Bounds that hold before any route is looked at: how many requests at once, how many headers. */
export function requestLimits(): MiddlewareHandler<{ Bindings: HttpBindings }> {
  let open = 0;
  return async (c, next) => {
    if (open >= limits.openRequestsMax) throw new ProblemError('server.busy');
    if (c.env.incoming.rawHeaders.length > limits.headersMaxCount * 2) {
      throw new ProblemError('request.too-large', { detail: 'Too many headers.' });
    }
    open += 1;
    c.env.outgoing.once('close', () => {
      open -= 1;
    });
    await next();
  };
}
