import type { Answer } from './answer.ts';

const allowedHeaders = 'authorization, dpop, content-type, idempotency-key';
const allowedMethods = 'GET, PUT, POST, PATCH, DELETE';

/**
 * Cross-origin reading for the staff origin and nobody else (Fetch Standard §3.2). No credentials
 * mode: a request proves itself by its token and its signature, never by a cookie.
 */
export function corsHeaders(
  origin: string | undefined,
  staffOrigin: string,
): Record<string, string> {
  if (origin !== staffOrigin) return { vary: 'origin' };
  return {
    vary: 'origin',
    'access-control-allow-origin': staffOrigin,
    'access-control-expose-headers': 'www-authenticate, proofline-decision, proofline-fields',
  };
}

/** The answer to a preflight of the staff origin. */
export const preflight: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': allowedMethods,
    'access-control-allow-headers': allowedHeaders,
    'access-control-max-age': '600',
  },
  body: '',
};
