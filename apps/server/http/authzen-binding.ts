import { ProblemError } from '@proofline/protocol';
import type { MiddlewareHandler } from 'hono';

/** Longer ones are nobody's correlation id. */
const REQUEST_ID_MAX_CHARS = 256;

/**
 * What the HTTPS binding of AuthZEN 1.0 asks of the paths below `/access` beyond the rest of our API:
 * the caller's `X-Request-ID` comes back in every answer, refusals too (§10.1.4), and whatever is
 * wrong with a request, its content type included, is a 400 (§10.1.2).
 */
export const authzenBinding: MiddlewareHandler = async (c, next) => {
  const requestId = c.req.header('x-request-id');
  if (requestId !== undefined && requestId.length <= REQUEST_ID_MAX_CHARS) {
    // Also on what an error handler makes: Hono carries these over to the response.
    c.header('x-request-id', requestId);
  }
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (c.req.method === 'POST' && type !== 'application/json') {
    const detail = 'The content type must be application/json.';
    throw new ProblemError('request.malformed', { detail });
  }
  await next();
};
