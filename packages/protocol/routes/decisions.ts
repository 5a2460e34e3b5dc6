import { z } from 'zod';
import { Decision, FieldPlan, ReleaseRef, ResultOutcome } from '../decision.ts';
import { Explanation, FactInWords, FieldInWords } from '../explain.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

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
      /**
       * What the answer waits for: `durable` (the entry is under a signed checkpoint), or `logged`, and
       * brings the proof of it along.
       */
      acknowledge: z.enum(['durable', 'logged']).optional(),
    })
    .strict(),
  reply: z.object({
    evidenceId: idOf('evt'),
    /** Of `logged`: that the entry is in the log, to be kept (C2SP tlog-proof). */
    receipt: z.string().optional(),
    /** Of `logged`: base64 of the hash that the receipt is of. */
    leafHash: z.string().optional(),
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
  summary: 'A decision with the facts that it rested on, and both in words.',
  reply: z.object({
    decision: Decision,
    facts: z.record(z.string(), z.json()),
    /** The same in words: what was decided and why, what would change it, and on which facts. */
    explanation: Explanation.extend({
      facts: z.array(FactInWords),
      /** For a permit: why fields were left out, and what would show them. */
      fields: z.array(FieldInWords),
    }),
  }),
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
