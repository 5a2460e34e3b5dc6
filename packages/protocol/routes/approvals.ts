import { z } from 'zod';
import { limits } from '@proofline/kernel';
import { Action } from '../actions.ts';
import { ReasonCode } from '../data-categories.ts';
import { ResourceRef, ResultOutcome } from '../decision.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Total } from '../total.ts';

/** The exact content that is to be approved: nothing else can be done with the approval. */
export const ApprovalContent = z.object({
  interactionId: idOf('int'),
  action: Action,
  resource: ResourceRef,
  /** The request body as it will be sent. */
  body: z.record(z.string(), z.json()),
});
export type ApprovalContent = z.infer<typeof ApprovalContent>;

/** `revoked`: approved, but the approver’s session was taken away since; it opens nothing. */
export const approvalStates = [
  'open',
  'approved',
  'rejected',
  'expired',
  'used',
  'revoked',
  'withdrawn',
] as const;
const ApprovalState = z.enum(approvalStates);

/** A request for somebody else’s approval, and what became of it. */
export const Approval = z.object({
  approvalId: idOf('apr'),
  state: ApprovalState,
  content: ApprovalContent,
  /** SHA-256 of the canonical content, base64url. */
  contentDigest: z.string(),
  requestedBy: z.object({ subjectId: idOf('stf'), displayName: z.string() }),
  requestedAt: z.string(),
  note: z.string().optional(),
  decidedBy: z.object({ subjectId: idOf('stf'), displayName: z.string() }).optional(),
  reasonCode: ReasonCode.optional(),
  expiresAt: z.string(),
  /** What became of the request that used it up; absent until the enforcement point has said so. */
  outcome: ResultOutcome.optional(),
});
export type Approval = z.infer<typeof Approval>;

export const requestApproval = defineRoute({
  id: 'approvals.request',
  method: 'post',
  path: '/api/approvals',
  realm: 'workforce',
  caller: 'staff',
  action: 'approval:request',
  resource: { type: 'Workforce' },
  summary: 'Ask a supervisor to approve one exact request. The same open request is reused.',
  body: ApprovalContent.extend({
    note: z.string().trim().max(limits.textMaxChars).optional(),
    /** Of the denial that this request answers (`access_request` at the PDP): then it is for that one alone. */
    bindingToken: z.string().max(2_000).optional(),
  }).strict(),
  reply: Approval,
  status: 201,
  problems: ['interaction.ended', 'access.denied', 'request.too-many', 'approval.other-request'],
});

export const listApprovals = defineRoute({
  id: 'approvals.list',
  method: 'get',
  path: '/api/approvals',
  realm: 'workforce',
  caller: 'staff',
  action: 'approval:list',
  resource: { type: 'Workforce' },
  summary: 'An agent sees their own requests, a supervisor those of their desk.',
  query: z.object({
    state: ApprovalState.optional(),
  }),
  reply: z.object({ approvals: z.array(Approval), total: Total }),
  status: 200,
  problems: [],
});

export const withdrawApproval = defineRoute({
  id: 'approvals.withdraw',
  method: 'post',
  path: '/api/approvals/{approvalId}/withdrawal',
  realm: 'workforce',
  caller: 'staff',
  action: 'approval:request',
  resource: { type: 'Workforce' },
  params: z.object({ approvalId: idOf('apr') }),
  summary: 'Take back what one asked for oneself, while nobody has answered.',
  reply: Approval,
  status: 200,
  problems: ['access.denied', 'approval.closed'],
});

export const decideApproval = defineRoute({
  id: 'approvals.decide',
  method: 'post',
  path: '/api/approvals/{approvalId}/decision',
  realm: 'workforce',
  caller: 'staff',
  action: 'approval:decide',
  resource: { type: 'Approval', param: 'approvalId' },
  params: z.object({ approvalId: idOf('apr') }),
  summary: 'Approve or reject, with a reason code. Never one’s own.',
  body: z.object({ verdict: z.enum(['approve', 'reject']), reasonCode: ReasonCode }).strict(),
  reply: Approval,
  status: 200,
  problems: ['approval.not-yours', 'approval.closed'],
});
