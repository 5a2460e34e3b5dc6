import type { HttpBindings } from '@hono/node-server';
import { Problem, scimSchemas, type ProblemCode } from '@proofline/protocol';
import type { MiddlewareHandler } from 'hono';

/** Our codes in SCIM’s words (RFC 7644 §3.12, table 9). */
const scimTypes: Partial<Record<ProblemCode, string>> = {
  'scim.syntax': 'invalidSyntax',
  'request.malformed': 'invalidSyntax',
  'request.too-deep': 'invalidSyntax',
  'scim.filter': 'invalidFilter',
  'scim.path': 'invalidPath',
  'scim.target': 'noTarget',
  'scim.value': 'invalidValue',
  'scim.read-only': 'mutability',
  'scim.too-many': 'tooMany',
  'scim.taken': 'uniqueness',
};

/**
 * What RFC 7644 asks of the paths below `/scim` beyond the rest of our API: errors in its own form,
 * and no body for who has the version already (§3.14).
 */
export const scimBinding: MiddlewareHandler<{ Bindings: HttpBindings }> = async (c, next) => {
  await next();
  const { headers, status } = c.res;
  const etag = headers.get('etag');
  const known = c.req.header('if-none-match')?.split(',') ?? [];
  if (status === 200 && etag !== null && known.some((tag) => tag.trim() === etag)) {
    c.res = new Response(null, { status: 304, headers: { etag, 'cache-control': 'no-store' } });
    return;
  }
  if (!headers.get('content-type')?.startsWith('application/problem+json')) return;
  const problem = Problem.safeParse(await c.res.clone().json());
  if (!problem.success) return;
  const { code, detail, title } = problem.data;
  const scimType = scimTypes[code];
  const kept = new Headers(headers);
  kept.set('content-type', 'application/scim+json');
  // Here a directory may also bring a token of its own (RFC 9110 §11.6.1: more than one challenge).
  if (status === 401) kept.append('www-authenticate', 'Bearer realm="scim"');
  const body = {
    schemas: [scimSchemas.error],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
    detail: detail === undefined ? title : `${title} ${detail}`,
    code,
  };
  c.res = undefined;
  c.res = new Response(JSON.stringify(body), { status, headers: kept });
};
