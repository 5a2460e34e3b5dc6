import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { ReleaseRef } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';

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

/** A set of policies that is or was live. */
export const ReleaseSummary = z.object({
  release: ReleaseRef,
  isLive: z.boolean(),
  /** Rows from before releases were signed cannot become live again. */
  isSigned: z.boolean(),
  releasedAt: z.string(),
  origin: z.enum(['files', 'candidate', 'rollback']),
  releasedBy: Named.optional(),
  evidenceId: idOf('evt'),
});
export type ReleaseSummary = z.infer<typeof ReleaseSummary>;

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
  note: z.string(),
  outcome: CaseOutcome,
  proof: CandidateProof,
  shadow: z.object({
    isRunning: z.boolean(),
    until: z.string().optional(),
    compared: z.number().int(),
    /** Decisions that came too fast to be compared. */
    dropped: z.number().int(),
  }),
});
export type CandidateSummary = z.infer<typeof CandidateSummary>;

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
  summary: 'What differs between two sets: policy by policy, schema and named cases.',
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
  summary: 'Propose a whole set of policies with its named cases. What is live stays as it is.',
  body: z
    .object({
      schema: z.string(),
      files,
      cases: z.array(z.json()).max(5_000),
      note: z.string().trim().max(limits.textMaxChars),
    })
    .strict(),
  bodyMaxBytes: limits.policyBodyMaxBytes,
  reply: CandidateSummary,
  status: 201,
  problems: ['policy.unsound', 'request.too-many', 'evidence.unavailable'],
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

export const promoteCandidate = defineRoute({
  ...base,
  id: 'policies.promote',
  method: 'post',
  path: '/api/policies/candidates/{candidateId}/promotion',
  action: 'policy:promote',
  resource: candidate,
  params: candidateParams,
  summary:
    'Make a candidate live. Never one’s own, and only when its named cases pass and its invariants hold.',
  body: z
    .object({
      /** What was looked at: another content is not promoted. */
      digest: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
      liveSequence: z.number().int().min(1),
    })
    .strict(),
  reply: ReleaseSummary,
  status: 200,
  problems: [
    'policy.unknown',
    'policy.moved-on',
    'policy.unsound',
    'candidate.closed',
    'candidate.not-yours',
    'candidate.failing',
    'candidate.breaks-invariant',
    'candidate.unproved',
    'evidence.unavailable',
  ],
});

export const rollBackPolicies = defineRoute({
  ...base,
  id: 'policies.rollback',
  method: 'post',
  path: '/api/policies/rollback',
  action: 'policy:rollback',
  resource: policies,
  summary: 'Make an earlier release live again, under a new number.',
  body: z
    .object({
      sequence: z.number().int().min(1),
      liveSequence: z.number().int().min(1),
      reason: z.string().trim().min(1).max(limits.textMaxChars),
    })
    .strict(),
  reply: ReleaseSummary,
  status: 200,
  problems: ['policy.unknown', 'policy.moved-on', 'policy.unsound', 'evidence.unavailable'],
});

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
