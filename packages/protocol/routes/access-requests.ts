import { limits } from '@proofline/kernel';
import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Evaluation } from './authzen.ts';

// AuthZEN Access Request and Approval profile (draft 1): an enforcement point asks for the approval of
// what it was denied, and asks after it. Members that are not known are ignored, as at the PDP.

/** What an enforcement point sends of a denial that can be asked for. */
export const AccessRequest = Evaluation.extend({
  /** As the denied evaluation and its `access_request` said it. */
  denial: z.object({
    evaluation_id: z.string().max(60).optional(),
    expires_at: z.string().max(40),
    binding_token: z.string().max(2_000).optional(),
  }),
  /** What somebody is to approve; its digest is the denied `content_digest`. */
  requested_access: z.object({
    interaction_id: idOf('int'),
    /** The request body as it will be sent. */
    body: z.record(z.string(), z.json()),
    justification: z.string().trim().max(limits.textMaxChars).optional(),
  }),
});
export type AccessRequest = z.infer<typeof AccessRequest>;

/** The lifecycle of an access request: it leaves `pending` once, and nothing else. */
export const AccessTaskStatus = z.enum(['pending', 'approved', 'denied', 'expired']);
export type AccessTaskStatus = z.infer<typeof AccessTaskStatus>;

/** A task handle, and once it is approved, what to evaluate again with (`context.approval`). */
export const AccessTask = z.object({
  task: z.object({
    id: idOf('arq'),
    status: AccessTaskStatus,
    status_endpoint: z.string(),
    expires_at: z.string(),
  }),
  result: z
    .object({
      mode: z.literal('reevaluate'),
      approval: z.object({
        id: z.string(),
        approved_at: z.string(),
        approved_until: z.string(),
      }),
    })
    .optional(),
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
  problems: ['access-request.unknown-task'],
});
