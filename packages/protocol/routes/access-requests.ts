import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Evaluation } from './authzen.ts';

// AuthZEN Access Request and Approval profile (draft 1) with its companions for bulk requests and
// callbacks: an enforcement point asks for the approval of what it was denied, and asks after it.
// Members that are not known are ignored, as at the PDP.

/** Bounds of one access request. */
export const accessRequestLimits = {
  itemsMaxCount: 20,
  callbackStateMaxChars: 1_000,
} as const;

/** As the denied evaluation and its `access_request` said it. */
const Denial = z.object({
  evaluation_id: z.string().max(60).optional(),
  expires_at: z.string().max(40),
  binding_token: z.string().max(2_000).optional(),
});

/** What somebody is to approve; its digest is the denied `content_digest`. */
const RequestedAccess = z.object({
  interaction_id: idOf('int'),
  /** The request body as it will be sent. */
  body: z.record(z.string(), z.json()),
  justification: z.string().trim().max(limits.textMaxChars).optional(),
});

/** One of several things that are asked for at once (Bulk profile, Request Items). */
const RequestItem = Evaluation.pick({ action: true, resource: true }).extend({
  /** Stands, member by member, in place of the one at the top. */
  requested_access: RequestedAccess.partial().optional(),
  /** Of its own evaluation. No denial of this PDP is of several things. */
  denial: Denial.optional(),
});

/** Where the end of a task is told (Callback profile, `callback`). */
const Callback = z.object({
  /** One of those that this service has registered. */
  endpoint: z.string().max(500),
  /** Comes back as it is. */
  state: z
    .json()
    .refine((value) => JSON.stringify(value).length <= accessRequestLimits.callbackStateMaxChars, {
      error: `is longer than ${accessRequestLimits.callbackStateMaxChars} characters of JSON`,
    })
    .optional(),
  /** Which ends are told; without it, every one. Names that are not known are ignored. */
  events: z.array(z.string().max(60)).max(20).optional(),
});

/** Belongs to the other form: seen and refused, not passed over. */
const mustBeLeftOut = z.never({ error: 'must be left out here' }).optional();

const OneRequest = Evaluation.extend({
  denial: Denial,
  requested_access: RequestedAccess,
  callback: Callback.optional(),
  items: mustBeLeftOut,
});

const SeveralRequests = Evaluation.pick({ subject: true, context: true }).extend({
  items: z.array(RequestItem).min(1).max(accessRequestLimits.itemsMaxCount),
  /** Shared by the items. */
  requested_access: RequestedAccess.partial().optional(),
  callback: Callback.optional(),
  action: mustBeLeftOut,
  resource: mustBeLeftOut,
});

/** What an enforcement point sends of a denial, or of several (`items`), that can be asked for. */
export const AccessRequest = z.union([OneRequest, SeveralRequests], {
  error: 'is neither a request for one thing nor one for several',
});
/** As {@link AccessRequest} was read. */
export type AccessRequest = z.infer<typeof OneRequest> | z.infer<typeof SeveralRequests>;

/** How an access request can end: it leaves `pending` once, and nothing else. */
export const accessTaskEnds = ['approved', 'denied', 'expired', 'cancelled', 'partial'] as const;

/** Where an access request stands; `partial` only where several things were asked for at once. */
export const AccessTaskStatus = z.enum(['pending', ...accessTaskEnds]);
export type AccessTaskStatus = z.infer<typeof AccessTaskStatus>;

/** What to evaluate again with (`context.approval`). */
const Completion = z.object({
  mode: z.literal('reevaluate'),
  approval: z.object({
    id: z.string(),
    approved_at: z.string(),
    approved_until: z.string(),
  }),
});

const TaskItem = z.object({
  resource: z.object({ type: z.string(), id: z.string() }),
  action: z.object({ name: z.string() }),
  status: AccessTaskStatus.exclude(['partial']),
  result: Completion.optional(),
});

/** A task handle, and once it is approved, what to evaluate again with. */
export const AccessTask = z.object({
  task: z.object({
    id: idOf('arq'),
    status: AccessTaskStatus,
    status_endpoint: z.string(),
    /** Until when the handle can be asked after. */
    expires_at: z.string(),
    links: z.object({ cancel: z.string() }),
    /** In the order in which they were sent. Each is looked at for itself. */
    items: z.array(TaskItem).optional(),
  }),
  result: Completion.optional(),
});
export type AccessTask = z.infer<typeof AccessTask>;

export const requestAccess = defineRoute({
  id: 'decisions.request-access',
  method: 'post',
  path: '/access/v1/requests',
  realm: 'workforce',
  caller: 'service',
  action: 'access-request:submit',
  resource: { type: 'Decisions' },
  summary: 'AuthZEN access request: ask for the approval of what was denied, with its token.',
  body: AccessRequest,
  reply: AccessTask,
  status: 202,
  problems: [
    'access-request.not-requestable',
    'access-request.expired-denial',
    'access-request.invalid-binding',
    'access-request.duplicate',
    'access-request.callback-refused',
    'request.too-large',
    'request.too-many',
  ],
});

export const readAccessRequest = defineRoute({
  id: 'decisions.read-access-request',
  method: 'get',
  path: '/access/v1/requests/{taskId}',
  realm: 'workforce',
  caller: 'service',
  action: 'access-request:read',
  resource: { type: 'Decisions' },
  params: z.object({ taskId: idOf('arq') }),
  summary: 'AuthZEN access request: what became of one that this enforcement point has sent.',
  reply: AccessTask,
  status: 200,
  problems: ['access-request.unknown-task', 'access-request.task-expired'],
});

export const cancelAccessRequest = defineRoute({
  id: 'decisions.cancel-access-request',
  method: 'post',
  path: '/access/v1/requests/{taskId}/cancel',
  realm: 'workforce',
  caller: 'service',
  action: 'access-request:cancel',
  resource: { type: 'Decisions' },
  params: z.object({ taskId: idOf('arq') }),
  summary: 'AuthZEN access request: take one back that this enforcement point has sent.',
  body: z.object({
    /** For programs. */
    reason: z.string().max(60).optional(),
    /** For whoever reads the evidence. */
    comment: z.string().trim().max(limits.textMaxChars).optional(),
  }),
  bodyOptional: true,
  reply: AccessTask,
  status: 200,
  problems: [
    'access-request.unknown-task',
    'access-request.task-expired',
    'access-request.invalid-task-state',
  ],
});
