import {
  problems,
  type CandidateSummary,
  type listReleases,
  type PipelineCandidate,
  type PipelineDifferences,
  type ProblemCode,
  type ReleaseSummary,
  type Replay,
  type Reply,
  type StageSummary,
} from '@proofline/protocol';
import { evidenceAnswers } from './evidence-answers.ts';
import { erasureAnswers } from './erasure-answers.ts';
import { serviceAnswers } from './service-answers.ts';

/** What a server answers in the transcripts, as the contract words it. */
export const ORIGIN = 'https://staff.example.com';
export const candidateId = 'pcd_01k9h2m4zqe8vr5t7wx3yn6bcd';
export const another = 'pcd_01k9h2m4zqe8vr5t7wx3yn6bce';
const replayId = 'rpl_01k9h2m4zqe8vr5t7wx3yn6bcd';

export const candidate: PipelineCandidate = {
  candidateId: candidateId as PipelineCandidate['candidateId'],
  digest: 'A'.repeat(43),
  state: 'open',
  baseSequence: 3,
  isCurrent: true,
  isVouched: false,
  proposedAt: '2026-11-02T09:00:00.000Z',
  note: '9f31c2',
  outcome: { passed: 214, failedCount: 0, failed: [] },
  proof: { state: 'proved', holding: 15, broken: [], undecided: [] },
  drops: { cases: { count: 0, names: [] }, invariants: [] },
  shadow: { isRunning: false, compared: 0, dropped: 0 },
};
const unfit: PipelineCandidate = {
  ...candidate,
  candidateId: another as PipelineCandidate['candidateId'],
  isCurrent: false,
  outcome: {
    passed: 213,
    failedCount: 1,
    failed: [{ name: 'agent-ends-own-call', problems: ['it is denied'] }],
  },
  proof: {
    state: 'broken',
    holding: 14,
    broken: [
      {
        name: 'nobody-can-bind-an-identity',
        says: 'Nobody does.',
        permitted: { action: 'authenticator:reset' },
      },
    ],
    undecided: [],
  },
  drops: {
    cases: { count: 1, names: ['agent-cannot-end-ended-call'] },
    invariants: [{ name: 'nobody-is-their-own-second-person', says: 'Nobody ever is.' }],
  },
  shadow: { isRunning: true, until: '2026-11-03T09:00:00.000Z', compared: 1_204, dropped: 3 },
};
const differences: PipelineDifferences = {
  byPolicy: [
    { name: 'tier.fresh-customer-proof', change: 'stopped', count: 12 },
    { name: 'role.auditor.policies', change: 'otherwise', count: 2 },
  ],
  subjects: [{ change: 'stopped', count: 3 }],
  samples: [
    {
      decisionId:
        'dec_01k9h2m4zqe8vr5t7wx3yn6bcd' as PipelineDifferences['samples'][0]['decisionId'],
      change: 'stopped',
      action: 'refund:initiate',
      livePolicies: ['role.billing-agent.refund'],
      candidatePolicies: ['tier.fresh-customer-proof'],
      decidedAt: '2026-11-02T08:00:00.000Z',
    },
  ],
};
const running: Replay = {
  replayId: replayId as Replay['replayId'],
  candidateId: candidate.candidateId,
  state: 'running',
  from: '2026-10-31T09:00:00.000Z',
  to: '2026-11-02T09:00:00.000Z',
  total: 1_204,
  done: 200,
  reproduced: 200,
  notReproduced: [],
  notDerivable: 0,
};
const finished: Replay = {
  ...running,
  state: 'finished',
  done: 1_204,
  reproduced: 1_200,
  notDerivable: 4,
};
const released: ReleaseSummary = {
  release: { sequence: 4, digest: candidate.digest },
  isLive: true,
  isSigned: true,
  releasedAt: '2026-11-02T09:00:00.000Z',
  origin: 'candidate',
  goingBack: { state: 'live', invariants: [] },
  evidenceId: 'evt_01k9h2m4zqe8vr5t7wx3yn6bcd' as ReleaseSummary['evidenceId'],
};
const { isVouched: _, ...told } = candidate;
const summary: CandidateSummary = {
  ...told,
  proposedBy: { id: 'svc_01k9h2m4zqe8vr5t7wx3yn6bcd', name: 'Policy pipeline' },
  isOwn: false,
  vouching: { isNeeded: true, isOwn: false },
};
export const staged: StageSummary = {
  stageId: 'stg_01k9h2m4zqe8vr5t7wx3yn6bcd' as StageSummary['stageId'],
  candidateId: candidate.candidateId,
  revision: 3,
  audience: { desks: ['Harbour', 'Hill'], percent: 25 },
  until: '2026-11-02T17:00:00.000Z',
  digest: candidate.digest,
  baseSequence: 3,
  startedAt: '2026-11-02T09:00:00.000Z',
  startedBy: { id: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd', name: 'Hana Sato' },
  note: '9f31c2',
  drops: candidate.drops,
  people: { in: 4, of: 31 },
  compared: 0,
  evidenceId: released.evidenceId,
};
const listed: Reply<typeof listReleases> = {
  releases: [
    { ...released, releasedBy: staged.startedBy },
    {
      ...released,
      release: { sequence: 3, digest: 'B'.repeat(43) },
      isLive: false,
      origin: 'files',
      goingBack: { state: 'possible', invariants: [] },
    },
  ],
  candidates: [
    summary,
    {
      ...summary,
      ...unfit,
      isCurrent: false,
      proposedBy: staged.startedBy,
      vouching: { isNeeded: false, isOwn: false },
      note: 'Kinder \u001b[31mwords',
    },
    {
      ...summary,
      state: 'withdrawn',
      vouching: { isNeeded: false, isOwn: false, by: staged.startedBy },
    },
  ],
  stage: {
    stageId: staged.stageId,
    candidateId: staged.candidateId,
    revision: 3,
    audience: staged.audience,
    until: staged.until,
  },
};
export const problem = (code: ProblemCode, more: object = {}) => {
  const { status, text: title } = problems[code];
  return { status, body: { type: `/docs/errors/${code}`, title, status, code, ...more } };
};

const of = (id: string) => `/api/pipeline/candidates/${id}`;
export const answers: Readonly<
  Record<string, { readonly status: number; readonly body: unknown }>
> = {
  'POST /oidc/token': { status: 200, body: { access_token: 'x'.repeat(40), expires_in: 300 } },
  'POST /oidc/request': { status: 201, body: { request_uri: 'urn:ietf:params:oauth:x' } },
  [`POST /api/policies/candidates/${candidateId}/promotion`]: { status: 200, body: released },
  [`POST /api/policies/candidates/${another}/promotion`]: problem('policy.moved-on'),
  [`POST /api/policies/candidates/${candidateId}/vouching`]: { status: 200, body: summary },
  [`POST /api/policies/candidates/${another}/vouching`]: problem('candidate.vouched'),
  [`POST /api/policies/candidates/${candidateId}/withdrawal`]: {
    status: 200,
    body: { ...summary, state: 'withdrawn' },
  },
  [`POST /api/policies/candidates/${another}/withdrawal`]: problem('candidate.closed'),
  [`POST /api/policies/candidates/${candidateId}/stage`]: { status: 200, body: staged },
  [`POST /api/policies/candidates/${another}/stage`]: problem('stage.moved-on'),
  [`POST /api/policies/stages/${staged.stageId}/end`]: { status: 204, body: {} },
  'GET /api/policies/releases': { status: 200, body: listed },
  'POST /api/policies/rollback': { status: 200, body: { ...released, origin: 'rollback' } },
  [`GET ${of(candidateId)}`]: { status: 200, body: candidate },
  [`GET ${of(another)}`]: { status: 200, body: unfit },
  [`POST ${of(candidateId)}/shadow`]: {
    status: 200,
    body: { ...candidate, shadow: { ...unfit.shadow, compared: 0, dropped: 0 } },
  },
  [`POST ${of(candidateId)}/replays`]: { status: 202, body: running },
  [`POST ${of(another)}/replays`]: problem('request.too-many'),
  [`GET ${of(candidateId)}/replays`]: { status: 200, body: { replays: [finished] } },
  [`GET ${of(candidateId)}/differences`]: { status: 200, body: differences },
  [`GET ${of(another)}/differences`]: { status: 200, body: differences },
  ...serviceAnswers,
  ...evidenceAnswers,
  ...erasureAnswers,
};
