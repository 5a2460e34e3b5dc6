import type { HttpBindings } from '@hono/node-server';
import { ProblemError, problems } from '@proofline/protocol';
import type { MiddlewareHandler } from 'hono';
import { problemOf, replyProblem } from './problem-reply.ts';

/** Longer ones are nobody's correlation id. */
const REQUEST_ID_MAX_CHARS = 256;

/**
 * The caller's `X-Request-ID` comes back in every answer of the paths below `/access`, also in those
 * that are given before anybody looks at the request (§10.1.4).
 */
export const echoRequestId: MiddlewareHandler = async (c, next) => {
  const requestId = c.req.header('x-request-id');
  // What an error handler answered stands here too by now.
  await next();
  if (requestId !== undefined && requestId.length <= REQUEST_ID_MAX_CHARS) {
    c.header('x-request-id', requestId);
  }
};

/**
 * What the HTTPS binding of AuthZEN 1.0 asks of the paths below `/access` beyond the rest of our API:
 * whatever is wrong with a request, its content type included, is a 400 (§10.1.2).
 */
export const authzenBinding: MiddlewareHandler<{ Bindings: HttpBindings }> = async (c, next) => {
  await next();
  if (c.res.status !== problems['request.unsupported-type'].status) return;
  const detail = 'The content type must be application/json.';
  const told = new ProblemError('request.malformed', { detail });
  // Only here, behind the refusals that come before a body is looked at (its origin, its caller).
  c.res = replyProblem(c, problemOf(told, c.res.headers.get('request-id') ?? ''));
};
