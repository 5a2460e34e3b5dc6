import { digestBase64url, type Question, type Verdict } from '@proofline/enforce';
import { canonicalJson, type Json } from '@proofline/kernel';
import { ProblemError, type Decision } from '@proofline/protocol';
import { found, type Exchange, type GatewayCheck } from '../exchange.ts';

/** The policy that says that a grant is over; the holder may ask for another one. */
const grantEndedPolicy = 'context.grant-ended';

function at(body: Json | undefined, pointer: string | undefined): Json | undefined {
  if (pointer === undefined) return undefined;
  let value: Json | undefined = body;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    // An own member of a JSON object or, by its index, of an array.
    value = (value as Readonly<Record<string, Json>>)[key];
  }
  return value;
}

async function questionOf(exchange: Exchange): Promise<Question> {
  const { operation, parameters } = found(exchange.match);
  const { acting = [], claims, sessionId, grantId, interactionId } = found(exchange.agent);
  const { action, facts } = operation.mapping;
  // Without a grant it is break-glass: the same record, by rules of its own.
  const resource = {
    type: grantId === undefined ? 'EmergencyRecord' : operation.resourceType,
    id: found(parameters[operation.resourceParameter]),
  };
  const { body } = exchange;
  const amountCents = at(body, facts.amountCents);
  const reasonCode = at(body, facts.reasonCode);
  // What an approver has seen and approved is this text, byte for byte.
  const content =
    body === undefined || interactionId === undefined
      ? undefined
      : canonicalJson({ action, resource, interactionId, body });
  return {
    subject: { type: 'Staff', id: claims.sub },
    action: { name: action },
    resource,
    context: {
      session_id: sessionId,
      ...(grantId === undefined ? {} : { grant_id: grantId }),
      ...(acting.length === 0 ? {} : { actors: [...acting] }),
      ...(Number.isInteger(amountCents) ? { amount_cents: amountCents } : {}),
      ...(typeof reasonCode === 'string' ? { reason_code: reasonCode } : {}),
      ...(content === undefined ? {} : { content_digest: await digestBase64url(content) }),
    },
  };
}

/** The same words for a foreign record and for none at all (P9). */
function notCovered(decision: Decision | undefined): ProblemError {
  return new ProblemError('access.denied', {
    ...(decision ? { decisionId: decision.decisionId } : {}),
    reasons: [
      {
        policy: 'context.grant-covers',
        effect: 'forbid',
        text: 'No grant for this case covers this.',
      },
    ],
    remedies: [],
    internal: 'grant does not cover',
  });
}

function refused(verdict: Extract<Verdict, { effect: 'deny' }>): ProblemError {
  if (!('decision' in verdict)) {
    // Silence is no refusal, and is not told as one; it opens as little.
    const code = verdict.because === 'unavailable' ? 'decision.unavailable' : 'access.denied';
    return new ProblemError(code, { internal: verdict.because });
  }
  const { decisionId, reasons, remedies } = verdict.decision;
  const details = { decisionId, reasons, remedies };
  if (reasons.some((reason) => reason.policy === grantEndedPolicy)) {
    return new ProblemError('grant.ended', details);
  }
  const stepUp = remedies.length === 1 && remedies[0]?.kind === 'agent.step-up';
  return new ProblemError(stepUp ? 'access.step-up' : 'access.denied', details);
}

/** The PDP decides, for this action, on this record, now. No answer is a deny. */
export const decision: GatewayCheck = {
  name: 'decision',
  async run(exchange, context) {
    const verdict = await context.pdp.evaluate(await questionOf(exchange));
    const made = 'decision' in verdict ? verdict.decision : undefined;
    if (!found(exchange.agent).covered) {
      if (verdict.effect === 'permit') {
        const { decisionId } = verdict.decision;
        await context.pdp.report({ decisionId, outcome: 'upstream-refused', upstreamStatus: 0 });
      }
      throw notCovered(made);
    }
    if (verdict.effect === 'deny') throw refused(verdict);
    exchange.decision = verdict.decision;
  },
};
