import { z } from 'zod';
import { PolicyFault } from '../decision.ts';
import { defineRoute } from '../route.ts';
import { CaseOutcome, proposePolicies } from './policies.ts';

export const checkPolicies = defineRoute({
  realm: 'workforce',
  caller: 'staff',
  id: 'policies.check',
  method: 'post',
  path: '/api/policies/check',
  action: 'policy:rehearse',
  resource: { type: 'Policies' },
  summary: 'Look a whole set of policies over as if it were proposed. Nothing is kept.',
  body: proposePolicies.body.omit({ note: true }),
  bodyMaxBytes: proposePolicies.bodyMaxBytes,
  reply: z.object({
    /** Every fault with its place; none when it could be proposed. */
    faults: z.array(PolicyFault),
    /** Absent when there are faults. */
    outcome: CaseOutcome.optional(),
    digest: z.string().optional(),
  }),
  status: 200,
  problems: ['evidence.unavailable'],
});
