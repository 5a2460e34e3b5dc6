import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { CandidateSummary } from './policies.ts';

const Named = z.object({ id: z.string(), name: z.string().optional() });

/** What a decision would have been under other policies. */
export const PolicyChange = z.enum(['stopped', 'permitted', 'otherwise']);
export type PolicyChange = z.infer<typeof PolicyChange>;

const Counted = z.object({ name: z.string(), change: PolicyChange, count: z.number().int() });

/** Where the decisions of a candidate differ: counts, and some of them. */
export const PolicyDifferences = z.object({
  byPolicy: z.array(Counted),
  bySubject: z.array(Counted),
  samples: z.array(
    z.object({
      decisionId: idOf('dec'),
      change: PolicyChange,
      action: z.string(),
      subject: Named,
      livePolicies: z.array(z.string()),
      candidatePolicies: z.array(z.string()),
      decidedAt: z.string(),
    }),
  ),
});
export type PolicyDifferences = z.infer<typeof PolicyDifferences>;

/** Recorded decisions, derived again under their own releases and under a candidate. */
export const Replay = z.object({
  replayId: idOf('rpl'),
  candidateId: idOf('pcd'),
  /** `stalled`: the server that ran it went away. */
  state: z.enum(['running', 'finished', 'failed', 'stalled']),
  from: z.string(),
  to: z.string(),
  total: z.number().int(),
  done: z.number().int(),
  /** Came out under their own release exactly as they were answered. */
  reproduced: z.number().int(),
  /** Did not; must be empty. At most fifty. */
  notReproduced: z.array(z.string()),
  /** Rested on a release that is not stored here, or on a switch. */
  notDerivable: z.number().int(),
});
export type Replay = z.infer<typeof Replay>;

const base = { realm: 'workforce', caller: 'staff' } as const;
const policies = { type: 'Policies' } as const;
const candidateParams = z.object({ candidateId: idOf('pcd') });

export const shadowCandidate = defineRoute({
  ...base,
  id: 'policies.shadow',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/shadow',
  action: 'policy:rehearse',
  resource: policies,
  params: candidateParams,
  summary: 'Let a candidate decide beside the live policies, without effect; or stop it.',
  body: z.object({ hours: z.number().int().min(0).max(720) }).strict(),
  reply: CandidateSummary,
  status: 200,
  problems: ['policy.unknown', 'candidate.closed', 'evidence.unavailable'],
});

export const readDifferences = defineRoute({
  ...base,
  id: 'policies.differences',
  method: 'get',
  path: '/api/policies/candidates/{candidateId}/differences',
  action: 'policy:read',
  resource: policies,
  params: candidateParams,
  query: z
    .object({
      replay: idOf('rpl').optional(),
      stage: idOf('stg').optional(),
      change: PolicyChange.optional(),
    })
    .strict(),
  summary: 'Where a candidate decided otherwise: in its shadow, in a replay, or for some.',
  reply: PolicyDifferences,
  status: 200,
  problems: ['policy.unknown'],
});

export const startReplay = defineRoute({
  ...base,
  id: 'policies.replay',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/replays',
  action: 'policy:rehearse',
  resource: policies,
  params: candidateParams,
  summary: 'Derive recorded decisions again, under their own releases and under a candidate.',
  body: z.object({ hours: z.number().int().min(1).max(8_784) }).strict(),
  reply: Replay,
  status: 202,
  problems: ['policy.unknown', 'request.too-many', 'evidence.unavailable'],
});

export const listReplays = defineRoute({
  ...base,
  id: 'policies.replays',
  method: 'get',
  path: '/api/policies/candidates/{candidateId}/replays',
  action: 'policy:read',
  resource: policies,
  params: candidateParams,
  summary: 'The replays of a candidate, newest first, with how far they are.',
  reply: z.object({ replays: z.array(Replay) }),
  status: 200,
  problems: ['policy.unknown'],
});
