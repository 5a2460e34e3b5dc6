import { z } from 'zod';
import { ReasonCode } from '../data-categories.ts';
import { Decision, FieldPlan, ReleaseRef, ResultOutcome } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

const bounded = z.record(z.string().max(60), z.json());

/**
 * What an enforcement point says about the request itself. Strict: a member that nobody reads would
 * look as if it had been taken into account.
 */
export const EvaluationContext = z
  .object({
    session_id: idOf('ses').optional(),
    grant_id: idOf('grt').optional(),
    amount_cents: z.number().int().min(-9e12).max(9e12).optional(),
    reason_code: ReasonCode.optional(),
    /** SHA-256 of the canonical content, base64url: what an approval must match. */
    content_digest: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/)
      .optional(),
  })
  .strict();

/** OpenID AuthZEN Authorization API 1.0 §6.1. */
export const evaluate = defineRoute({
  id: 'decisions.evaluate',
  method: 'post',
  path: '/access/v1/evaluation',
  realm: 'workforce',
  caller: 'service',
  action: 'decision:evaluate',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN 1.0 access evaluation: may this subject do this action on this resource now?',
  body: z.object({
    subject: z.object({
      type: z.string().max(40),
      id: z.string().max(120),
      properties: bounded.optional(),
    }),
    action: z.object({ name: z.string().max(60), properties: bounded.optional() }),
    resource: z.object({
      type: z.string().max(40),
      id: z.string().max(120),
      properties: bounded.optional(),
    }),
    context: EvaluationContext.optional(),
  }),
  reply: z.object({
    decision: z.boolean(),
    context: z.object({
      /** The whole decision, for enforcement points that know Proofline. */
      proofline: Decision,
    }),
  }),
  status: 200,
  problems: [],
});

/** OpenID AuthZEN Authorization API 1.0 §9.1: where the PDP's endpoints are. */
export const authzenConfiguration = defineRoute({
  id: 'decisions.configuration',
  method: 'get',
  path: '/.well-known/authzen-configuration',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'AuthZEN 1.0 metadata of this policy decision point.',
  reply: z.object({
    policy_decision_point: z.string(),
    access_evaluation_endpoint: z.string(),
  }),
  status: 200,
  problems: [],
});

/** How a decided request came out at an enforcement point; durable before the caller gets its answer. */
export const reportResult = defineRoute({
  id: 'decisions.result',
  method: 'post',
  path: '/api/enforcement/results',
  realm: 'workforce',
  caller: 'service',
  action: 'result:report',
  resource: { type: 'Decisions' },
  summary: 'An enforcement point reports what became of a permitted request.',
  body: z
    .object({
      decisionId: idOf('dec'),
      outcome: ResultOutcome,
      upstreamStatus: z.number().int().min(0).max(599),
      fields: FieldPlan.optional(),
      rows: z.number().int().min(0).optional(),
    })
    .strict(),
  reply: z.object({
    evidenceId: idOf('evt'),
    /** Whether session, grant and call still live. When not, nothing of the result may be shown. */
    stillPermitted: z.boolean(),
  }),
  status: 201,
  problems: ['evidence.unavailable', 'evidence.unknown', 'decision.not-reportable'],
});

export const readDecision = defineRoute({
  id: 'decisions.read',
  method: 'get',
  path: '/api/decisions/{decisionId}',
  realm: 'workforce',
  caller: 'staff',
  action: 'decision:read',
  resource: { type: 'DecisionRecord', param: 'decisionId' },
  params: z.object({ decisionId: idOf('dec') }),
  summary: 'A decision with the facts that it rested on.',
  reply: z.object({ decision: Decision, facts: z.record(z.string(), z.json()) }),
  status: 200,
  problems: ['evidence.unknown'],
});

export const readPolicies = defineRoute({
  id: 'policies.read',
  method: 'get',
  path: '/api/policies',
  realm: 'workforce',
  caller: 'staff',
  action: 'policy:read',
  resource: { type: 'Policies' },
  summary: 'The current release: every policy with its text, layer and sentence.',
  reply: z.object({
    release: ReleaseRef,
    releasedAt: z.string(),
    policies: z.array(
      z.object({
        id: z.string(),
        layer: z.string(),
        effect: z.enum(['permit', 'forbid']),
        text: z.string(),
        cedar: z.string(),
      }),
    ),
  }),
  status: 200,
  problems: [],
});
