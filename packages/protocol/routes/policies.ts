import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { ReleaseRef } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Digest, promotionBody, promotionProblems } from './promotion.ts';
import { RunningStage } from './stage-audience.ts';

/** How the named cases of a set came out. */
export const CaseOutcome = z.object({
  passed: z.number().int(),
  failedCount: z.number().int(),
  /** At most fifty. */
  failed: z.array(z.object({ name: z.string(), problems: z.array(z.string()) })),
});
export type CaseOutcome = z.infer<typeof CaseOutcome>;

/** What is known of the invariants under a candidate, by proof for every request. */
export const CandidateProof = z.object({
  /** `none`: this server has no invariants, or the candidate is closed. */
  state: z.enum(['none', 'running', 'proved', 'broken', 'not-decided']),
  holding: z.number().int(),
  /** At most fifty. With a request that is permitted and must not be, and one that compares. */
  broken: z.array(
    z.object({
      name: z.string(),
      says: z.string(),
      permitted: z.record(z.string(), z.json()),
      refused: z.record(z.string(), z.json()).optional(),
    }),
  ),
  /** At most fifty. */
  undecided: z.array(z.object({ name: z.string(), says: z.string(), why: z.string() })),
});
export type CandidateProof = z.infer<typeof CandidateProof>;

/** Somebody, by id; with a name where the caller may know one. */
const Named = z.object({ id: z.string(), name: z.string().optional() });

/** An invariant, by name and sentence. */
const Told = z.object({ name: z.string(), says: z.string() });

/** Whether one can go back to a release now: only to what the one in force came from. */
export const GoingBack = z.object({
  /**
   * `left`: it was gone back from, or never led to what is in force. `proving`: it is being proved to
   * hold today’s invariants; `unproved`: that begins when it is asked for.
   */
  state: z.enum([
    'live',
    'left',
    'unsigned',
    'possible',
    'proving',
    'unproved',
    'broken',
    'not-decided',
  ]),
  /** The invariants of today that it breaks, or that could not be decided. */
  invariants: z.array(Told),
});
export type GoingBack = z.infer<typeof GoingBack>;

/** A set of policies that is or was live. */
export const ReleaseSummary = z.object({
  release: ReleaseRef,
  isLive: z.boolean(),
  /** Rows from before releases were signed cannot become live again. */
  isSigned: z.boolean(),
  releasedAt: z.string(),
  origin: z.enum(['files', 'candidate', 'rollback']),
  releasedBy: Named.optional(),
  goingBack: GoingBack,
  evidenceId: idOf('evt'),
});
export type ReleaseSummary = z.infer<typeof ReleaseSummary>;

/** What was promised by the live release and is not by a candidate: it has it no more, or otherwise. */
export const DroppedPromises = z.object({
  cases: z.object({ count: z.number().int(), /** At most fifty. */ names: z.array(z.string()) }),
  invariants: z.array(Told),
});
export type DroppedPromises = z.infer<typeof DroppedPromises>;

/** A proposed set of policies that waits for a second person. */
export const CandidateSummary = z.object({
  candidateId: idOf('pcd'),
  digest: z.string(),
  state: z.enum(['open', 'promoted', 'withdrawn']),
  /** The number of the release that it was proposed on top of. */
  baseSequence: z.number().int(),
  /** Whether that one is still live; when not, the candidate cannot be promoted. */
  isCurrent: z.boolean(),
  proposedBy: Named,
  /** Whether the one who reads this proposed it. */
  isOwn: z.boolean(),
  proposedAt: z.string(),
  /** Who answers for what a program proposed: another person than whoever makes it live. */
  vouching: z.object({
    /** A program proposed it, and nobody has vouched for it. */
    isNeeded: z.boolean(),
    by: Named.optional(),
    /** Whether the one who reads this vouched for it. */
    isOwn: z.boolean(),
  }),
  note: z.string(),
  outcome: CaseOutcome,
  proof: CandidateProof,
  drops: DroppedPromises,
  shadow: z.object({
    isRunning: z.boolean(),
    until: z.string().optional(),
    compared: z.number().int(),
    /** Decisions that came too fast to be compared. */
    dropped: z.number().int(),
  }),
});
export type CandidateSummary = z.infer<typeof CandidateSummary>;

const files = z
  .array(z.object({ path: z.string().min(1).max(120), text: z.string() }).strict())
  .max(2_000);

const Policy = z.object({
  id: z.string(),
  layer: z.string(),
  effect: z.enum(['permit', 'forbid']),
  text: z.string(),
  cedar: z.string(),
  /** The file that it stands in. */
  path: z.string(),
});

/** `live`, the number of a release, or the id of a candidate. */
const setId = z.string().min(1).max(40);
const candidateParams = z.object({ candidateId: idOf('pcd') });
const base = { realm: 'workforce', caller: 'staff' } as const;
const policies = { type: 'Policies' } as const;
const candidate = { type: 'PolicyCandidate', param: 'candidateId' } as const;

export const listReleases = defineRoute({
  ...base,
  id: 'policies.releases',
  method: 'get',
  path: '/api/policies/releases',
  action: 'policy:read',
  resource: policies,
  summary: 'Releases and candidates, newest first.',
  reply: z.object({
    releases: z.array(ReleaseSummary),
    candidates: z.array(CandidateSummary),
    /** The one that is in force for some, where one is. */
    stage: RunningStage.optional(),
    /** Set when this server refuses a stored release: the one sentence that says why. */
    fault: z.string().optional(),
  }),
  status: 200,
  problems: [],
});

export const readPolicySet = defineRoute({
  ...base,
  id: 'policies.set',
  method: 'get',
  path: '/api/policies/sets/{setId}',
  action: 'policy:read',
  resource: policies,
  params: z.object({ setId }),
  summary: 'One release or candidate: its files, policies, named cases and how they came out.',
  reply: z.object({
    digest: z.string(),
    release: ReleaseSummary.optional(),
    candidate: CandidateSummary.optional(),
    schema: z.string(),
    files,
    policies: z.array(Policy),
    cases: z.array(
      z.object({
        name: z.string(),
        because: z.string(),
        /** Ids of the policies that it rests on. */
        policies: z.array(z.string()),
        content: z.record(z.string(), z.json()),
      }),
    ),
    invariants: z.array(
      Told.extend({ because: z.string(), content: z.record(z.string(), z.json()) }),
    ),
    outcome: CaseOutcome,
  }),
  status: 200,
  problems: ['policy.unknown'],
});

const Change = z.enum(['added', 'removed', 'changed']);

export const diffPolicies = defineRoute({
  ...base,
  id: 'policies.diff',
  method: 'get',
  path: '/api/policies/diff',
  action: 'policy:read',
  resource: policies,
  query: z.object({ from: setId, to: setId }).strict(),
  summary: 'What differs between two sets: policy by policy, schema, invariants and named cases.',
  reply: z.object({
    schemaChanged: z.boolean(),
    policies: z.array(
      z.object({
        id: z.string(),
        change: Change,
        from: z.string().optional(),
        to: z.string().optional(),
      }),
    ),
    cases: z.array(z.object({ name: z.string(), change: Change })),
    invariants: z.array(
      z.object({
        name: z.string(),
        /** `reworded`: it holds what it held, in other words. */
        change: z.enum([...Change.options, 'reworded']),
        /** What it says, before and after. */
        from: z.string().optional(),
        to: z.string().optional(),
      }),
    ),
  }),
  status: 200,
  problems: ['policy.unknown'],
});

export const decisionsOfPolicy = defineRoute({
  ...base,
  id: 'policies.decisions',
  method: 'get',
  path: '/api/policies/decisions',
  action: 'policy:read',
  resource: policies,
  query: z.object({ policy: z.string().min(1).max(120) }).strict(),
  summary: 'The last decisions that rested on a policy.',
  reply: z.object({
    decisions: z.array(
      z.object({
        decisionId: idOf('dec'),
        evidenceId: idOf('evt'),
        action: z.string(),
        effect: z.enum(['permit', 'deny']),
        decidedAt: z.string(),
      }),
    ),
  }),
  status: 200,
  problems: [],
});

export const proposePolicies = defineRoute({
  ...base,
  id: 'policies.propose',
  method: 'post',
  path: '/api/policies/candidates',
  action: 'policy:propose',
  resource: policies,
  summary:
    'Propose a whole set of policies with its named cases and invariants. What is live stays as it is.',
  body: z
    .object({
      schema: z.string(),
      files,
      cases: z.array(z.json()).max(5_000),
      /** Of the form of `policies/invariants`. To drop or change one is a change of its own. */
      invariants: z.array(z.json()).max(200),
      note: z.string().trim().max(limits.textMaxChars),
      /** The number of the release that the set was made from: refused where another is in force. */
      on: z.number().int().min(1).optional(),
    })
    .strict(),
  bodyMaxBytes: limits.policyBodyMaxBytes,
  reply: CandidateSummary,
  status: 201,
  problems: ['policy.unsound', 'policy.moved-on', 'request.too-many', 'evidence.unavailable'],
});

export const withdrawCandidate = defineRoute({
  ...base,
  id: 'policies.withdraw',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/withdrawal',
  action: 'policy:propose',
  resource: policies,
  params: candidateParams,
  summary: 'Withdraw a candidate: it can never become live.',
  reply: CandidateSummary,
  status: 200,
  problems: ['policy.unknown', 'candidate.closed', 'evidence.unavailable'],
});

export const vouchForCandidate = defineRoute({
  ...base,
  id: 'policies.vouch',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/vouching',
  action: 'policy:vouch',
  resource: candidate,
  params: candidateParams,
  summary:
    'Answer for what a pipeline or the server’s folder proposed. Somebody else makes it live.',
  body: z.object({ digest: Digest }).strict(),
  reply: CandidateSummary,
  status: 200,
  problems: [
    'policy.unknown',
    'policy.moved-on',
    'policy.unsound',
    'candidate.closed',
    'candidate.vouched',
    'evidence.unavailable',
  ],
});

export const promoteCandidate = defineRoute({
  ...base,
  id: 'policies.promote',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/promotion',
  action: 'policy:promote',
  resource: candidate,
  params: candidateParams,
  summary:
    'Make a candidate live. Never what one proposed or vouched for, and only when its named cases pass and its invariants hold.',
  body: z.object(promotionBody).strict(),
  reply: ReleaseSummary,
  status: 200,
  problems: promotionProblems,
});

export const rollBackPolicies = defineRoute({
  ...base,
  id: 'policies.rollback',
  method: 'post',
  path: '/api/policies/rollback',
  action: 'policy:rollback',
  resource: policies,
  summary:
    'Go back to a release that the one in force came from, under a new number and today’s invariants.',
  body: z
    .object({
      sequence: z.number().int().min(1),
      liveSequence: z.number().int().min(1),
      reason: z.string().trim().min(1).max(limits.textMaxChars),
    })
    .strict(),
  reply: ReleaseSummary,
  status: 200,
  problems: [
    'policy.unknown',
    'policy.moved-on',
    'policy.unsound',
    'rollback.left-behind',
    'rollback.breaks-invariant',
    'rollback.unproved',
    'evidence.unavailable',
  ],
});
