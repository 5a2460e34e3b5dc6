import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { CandidateSummary, proposePolicies } from './policies.ts';
import {
  PolicyChange,
  PolicyDifferences,
  Replay,
  shadowCandidate,
  startReplay,
} from './policy-rehearsals.ts';

/**
 * A candidate as the pipeline that proposed it reads it. No names: what a build prints is read by
 * many.
 */
export const PipelineCandidate = CandidateSummary.omit({
  proposedBy: true,
  isOwn: true,
  vouching: true,
}).extend({ /** Whether a person answers for it. */ isVouched: z.boolean() });
export type PipelineCandidate = z.infer<typeof PipelineCandidate>;

/** Where a candidate decided otherwise, without saying for whom. */
export const PipelineDifferences = z.object({
  byPolicy: PolicyDifferences.shape.byPolicy,
  /** How many people and programs each change would have met. */
  subjects: z.array(z.object({ change: PolicyChange, count: z.number().int() })),
  samples: z.array(PolicyDifferences.shape.samples.element.omit({ subject: true })),
});
export type PipelineDifferences = z.infer<typeof PipelineDifferences>;

const base = { realm: 'workforce', caller: 'service', resource: { type: 'Policies' } } as const;
const params = z.object({ candidateId: idOf('pcd') });

export const proposeFromPipeline = defineRoute({
  ...base,
  id: 'pipeline.propose',
  method: 'post',
  path: '/api/pipeline/candidates',
  action: 'policy:propose',
  summary:
    'Propose a whole set of policies. The same content on the same release is one candidate; of a pipeline’s own the five newest stay open.',
  body: proposePolicies.body,
  bodyMaxBytes: proposePolicies.bodyMaxBytes,
  reply: PipelineCandidate,
  status: 201,
  problems: proposePolicies.problems,
});

export const readPipelineCandidate = defineRoute({
  ...base,
  id: 'pipeline.candidate',
  method: 'get',
  path: '/api/pipeline/candidates/{candidateId}',
  action: 'policy:read',
  params,
  summary: 'What became of a candidate of one’s own: cases, invariants, shadow.',
  reply: PipelineCandidate,
  status: 200,
  problems: ['policy.unknown'],
});

export const shadowFromPipeline = defineRoute({
  ...base,
  id: 'pipeline.shadow',
  method: 'post',
  path: '/api/pipeline/candidates/{candidateId}/shadow',
  action: 'policy:rehearse',
  params,
  summary:
    'Let a candidate of one’s own decide beside the live policies, without effect; or stop it.',
  body: shadowCandidate.body,
  reply: PipelineCandidate,
  status: 200,
  problems: ['policy.unknown', 'candidate.closed', 'evidence.unavailable'],
});

export const replayFromPipeline = defineRoute({
  ...base,
  id: 'pipeline.replay',
  method: 'post',
  path: '/api/pipeline/candidates/{candidateId}/replays',
  action: 'policy:rehearse',
  params,
  summary: 'Derive recorded decisions again under a candidate of one’s own.',
  body: startReplay.body,
  reply: Replay,
  status: 202,
  problems: ['policy.unknown', 'request.too-many', 'evidence.unavailable'],
});

export const listPipelineReplays = defineRoute({
  ...base,
  id: 'pipeline.replays',
  method: 'get',
  path: '/api/pipeline/candidates/{candidateId}/replays',
  action: 'policy:read',
  params,
  summary: 'The replays of a candidate of one’s own, newest first.',
  reply: z.object({ replays: z.array(Replay) }),
  status: 200,
  problems: ['policy.unknown'],
});

export const readPipelineDifferences = defineRoute({
  ...base,
  id: 'pipeline.differences',
  method: 'get',
  path: '/api/pipeline/candidates/{candidateId}/differences',
  action: 'policy:read',
  params,
  query: z.object({ replay: idOf('rpl').optional() }).strict(),
  summary:
    'Where a candidate of one’s own decided otherwise, in its shadow or a replay: counts, no names.',
  reply: PipelineDifferences,
  status: 200,
  problems: ['policy.unknown'],
});
