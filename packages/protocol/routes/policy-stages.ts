import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { DroppedPromises } from './policies.ts';
import { promotionBody, promotionProblems } from './promotion.ts';
import { RunningStage, StageAudience } from './stage-audience.ts';

const Named = z.object({ id: z.string(), name: z.string().optional() });

/** A candidate that is in force for some. */
export const StageSummary = RunningStage.extend({
  digest: z.string(),
  /** The release that it stands on, which decides for everybody else. */
  baseSequence: z.number().int(),
  startedAt: z.string(),
  startedBy: Named,
  note: z.string(),
  drops: DroppedPromises,
  /** Active colleagues who are in it, and all there are. */
  people: z.object({ in: z.number().int(), of: z.number().int() }),
  /** Decisions that it made, as far as they were compared with the live release. */
  compared: z.number().int(),
  evidenceId: idOf('evt'),
});
export type StageSummary = z.infer<typeof StageSummary>;

const base = { realm: 'workforce', caller: 'staff' } as const;
const policies = { type: 'Policies' } as const;

export const readStage = defineRoute({
  ...base,
  id: 'policies.stage',
  method: 'get',
  path: '/api/policies/stage',
  action: 'policy:read',
  resource: policies,
  summary:
    'The candidate that is in force for some, who they are, and the desks that can be chosen.',
  reply: z.object({
    stage: StageSummary.optional(),
    /** Who is in, by desk and name; at most 500. */
    people: z.array(Named.extend({ desk: z.string() })),
    desks: z.array(z.object({ desk: z.string(), people: z.number().int() })),
  }),
  status: 200,
  problems: [],
});

export const stageCandidate = defineRoute({
  ...base,
  id: 'policies.stage-candidate',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/stage',
  action: 'policy:promote',
  resource: { type: 'PolicyCandidate', param: 'candidateId' },
  params: z.object({ candidateId: idOf('pcd') }),
  summary: 'Put a candidate in force for some, or for more or fewer than now. Never one’s own.',
  body: z
    .object({
      ...promotionBody,
      /** The stage that was looked at, when one runs: another setting of it is not built on. */
      seen: z
        .object({ stageId: idOf('stg'), revision: z.number().int().min(1) })
        .strict()
        .optional(),
      audience: StageAudience,
      hours: z.number().int().min(1).max(720),
    })
    .strict(),
  reply: StageSummary,
  status: 200,
  problems: [...promotionProblems, 'stage.other', 'stage.moved-on'],
});

export const endStage = defineRoute({
  ...base,
  id: 'policies.end-stage',
  method: 'post',
  path: '/api/policies/stages/{stageId}/end',
  action: 'policy:rollback',
  resource: policies,
  params: z.object({ stageId: idOf('stg') }),
  summary: 'Let the live release decide for everybody again.',
  body: z.object({ reason: z.string().trim().min(1).max(limits.textMaxChars) }).strict(),
  reply: 'empty',
  status: 204,
  problems: ['policy.unknown', 'policy.moved-on', 'evidence.unavailable'],
});
