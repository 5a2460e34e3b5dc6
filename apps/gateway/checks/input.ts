import { limits, type Json } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { found, type GatewayCheck } from '../exchange.ts';

function depthOf(value: Json, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > limits.jsonMaxDepth) return depth;
  let deepest = depth + 1;
  for (const member of Object.values(value)) {
    deepest = Math.max(deepest, depthOf(member ?? null, depth + 1));
  }
  return deepest;
}

function parse(bytes: Uint8Array): Json {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // JSON.parse yields exactly the values of Json.
    return JSON.parse(text) as Json;
  } catch {
    throw new ProblemError('request.malformed', { detail: 'The body is not JSON.' });
  }
}

/** Query and body are exactly what the guarded system describes: nothing unknown gets through. */
export const input: GatewayCheck = {
  name: 'input',
  async run(exchange) {
    const { operation } = found(exchange.match);
    const { url } = exchange.request;
    const body = found(exchange.bytes);
    const query = [...url.searchParams];
    const names = new Set(query.map(([name]) => name));
    if (
      names.size < query.length ||
      !operation.query.safeParse(Object.fromEntries(query)).success
    ) {
      throw new ProblemError('request.malformed', { detail: 'The query has an unknown member.' });
    }
    if (!operation.body) {
      if (body.length > 0) throw new ProblemError('request.malformed', { detail: 'No body here.' });
      return;
    }
    const value = parse(body);
    if (depthOf(value) > limits.jsonMaxDepth) throw new ProblemError('request.too-deep');
    const parsed = operation.body.safeParse(value);
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => issue.path.join('.') || issue.code);
      throw new ProblemError('request.malformed', { detail: [...new Set(fields)].join(', ') });
    }
    exchange.body = value;
  },
};
