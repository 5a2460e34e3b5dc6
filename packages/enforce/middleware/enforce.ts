import type { Json } from '@proofline/kernel';
import { limits } from '@proofline/kernel';
import type { Action, Decision } from '@proofline/protocol';
import { filterFields, type FieldLabels, type FilteredBody } from '../fields/filter-fields.ts';
import type { PdpClient, Verdict } from '../pdp/create-pdp-client.ts';
import { outcomeDetail } from '../outcome-detail.ts';
import { holdsSignedBody } from '../signature/content-digest.ts';
import { problemResponse } from '../problem-response.ts';
import { stepUpChallenge } from '../step-up-challenge.ts';
import { actingPrograms } from '../token/acting-programs.ts';
import { authenticateRequest, type Acceptance } from '../token/authenticate-request.ts';

/** The part of a Hono context that is used; any fetch-style framework can offer it. */
export interface GuardedContext {
  readonly req: {
    readonly raw: Request;
    param(name: string): string | undefined;
  };
  res: Response;
}

/** A middleware of Hono's shape. */
export type Guard = (
  context: GuardedContext,
  next: () => Promise<void>,
) => Promise<Response | undefined>;

/** What one route of the guarded API means. */
export interface GuardRule {
  readonly action: Action;
  readonly resourceType: string;
  /** The path parameter that holds the resource's id. */
  readonly param: string;
  /** Labels of the JSON response. What has none is not shown. */
  readonly fields: FieldLabels;
}

/** What the guarded API accepts and whom it asks. */
export interface EnforceOptions extends Acceptance {
  readonly pdp: PdpClient;
  /**
   * The DER of the certificate that the connection of a request was opened with, as the API or its own proxy
   * has verified it (RFC 8705). Absent: tokens that are bound to a certificate are refused.
   */
  readonly certificateOf?: (request: Request) => Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Guards the routes of an API: proves who calls (key-bound token of one audience), asks the PDP for
 * this action on this resource, runs the handler on a permit, filters its JSON answer by data
 * category, and reports the result before anything is shown.
 */
export function enforce(options: EnforceOptions): (rule: GuardRule) => Guard {
  return (rule) => async (context, next) => {
    const { raw } = context.req;
    const caller = await authenticateRequest(
      {
        method: raw.method,
        url: raw.url,
        authorization: raw.headers.get('authorization'),
        dpop: raw.headers.get('dpop'),
        header: (name) => raw.headers.get(name),
        certificate: options.certificateOf?.(raw),
      },
      options,
    );
    if (!caller.ok) return problemResponse(caller.error.code);
    const { claims } = caller.value;
    if (caller.value.provedBy === 'signature' && !(await isBodySigned(raw, caller.value.covered))) {
      return problemResponse('token.proof-invalid');
    }
    const acting = actingPrograms(claims['act']);
    if (!acting.ok) return problemResponse(acting.error.code);
    const verdict = await options.pdp.evaluate({
      subject: { type: 'Staff', id: claims.sub },
      action: { name: rule.action },
      resource: { type: rule.resourceType, id: context.req.param(rule.param) ?? '' },
      context: {
        ...(typeof claims['sid'] === 'string' ? { session_id: claims['sid'] } : {}),
        ...(typeof claims['grant_id'] === 'string' ? { grant_id: claims['grant_id'] } : {}),
        ...(acting.value.length > 0 ? { actors: [...acting.value] } : {}),
      },
    });
    if (verdict.effect === 'deny') return refused(verdict);
    await next();
    context.res = await carryOut(context.res, {
      ...verdict,
      rule,
      pdp: options.pdp,
      method: raw.method,
    });
    return undefined;
  };
}

/** Of a signed request the head alone was verified, which names the digest of its body (RFC 9530). */
async function isBodySigned(raw: Request, covered: readonly string[]): Promise<boolean> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  // The handler reads the other half.
  for await (const chunk of raw.clone().body ?? []) {
    sizeBytes += chunk.length;
    if (sizeBytes > limits.requestBodyMaxBytes) return false;
    chunks.push(chunk);
  }
  const body = new Uint8Array(
    await new Blob(chunks.map((chunk) => new Uint8Array(chunk))).arrayBuffer(),
  );
  return holdsSignedBody({ body, covered, digest: raw.headers.get('content-digest') });
}

function refused(verdict: Extract<Verdict, { effect: 'deny' }>): Response {
  if (verdict.because === 'unavailable') {
    // A PDP that cannot be reached, or is silent, has not said no; it opens as little.
    return problemResponse('decision.unavailable');
  }
  if (verdict.because !== 'decided') return problemResponse('access.denied');
  const { decisionId, reasons, remedies } = verdict.decision;
  const challenge = stepUpChallenge(remedies);
  const members = { decisionId, reasons, remedies };
  return challenge
    ? problemResponse('access.step-up', { members, challenge })
    : problemResponse('access.denied', { members });
}

interface Permitted {
  readonly decision: Decision;
  readonly rule: GuardRule;
  readonly pdp: PdpClient;
  readonly method: string;
}

/**
 * Filters the handler's answer and reports it; nothing is shown unless the report is durable and
 * what the permit rested on still lives: the handler may have taken longer than the call.
 */
async function carryOut(response: Response, permitted: Permitted): Promise<Response> {
  const { decision, pdp, method } = permitted;
  const filtered = response.ok ? await filterResponse(response, permitted) : undefined;
  const outcome = filtered ? 'completed' : response.ok ? 'upstream-failed' : 'upstream-refused';
  const { decisionId } = decision;
  const detail = outcomeDetail(method, outcome);
  const members = { decisionId, ...(detail === undefined ? {} : { detail }) };
  const reported = await pdp.report({
    decisionId,
    outcome,
    upstreamStatus: response.status,
    ...(filtered ? { fields: filtered.applied, rows: filtered.rows } : {}),
  });
  if (reported === 'unavailable') return problemResponse('evidence.unavailable', { members });
  if (reported === 'ended') return problemResponse('grant.ended', { members });
  if (!filtered) return problemResponse('upstream.failed', { members });
  return new Response(JSON.stringify(filtered.body), {
    status: response.status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

async function filterResponse(
  response: Response,
  { decision, rule }: Permitted,
): Promise<FilteredBody | undefined> {
  const { fields, rowsMax } = decision.obligations;
  const text = await response.text();
  if (text.length > limits.upstreamBodyMaxBytes) return undefined;
  try {
    // JSON.parse yields exactly the values of Json.
    const body = JSON.parse(text) as Json;
    return filterFields(body, rule.fields, {
      plan: fields ?? { visible: [], masked: [], hidden: [] },
      ...(rowsMax === undefined ? {} : { rowsMax }),
    });
  } catch {
    return undefined;
  }
}
