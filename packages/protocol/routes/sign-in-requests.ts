import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Acr } from '../subjects.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

/** For how long somebody may silence an application, in minutes. */
export const silenceMinutes = [60, 480, 1_440] as const;

/** An application asks the caller to sign in to it, from elsewhere (CIBA Core 1.0). */
export const SignInRequest = z.object({
  requestId: idOf('sir'),
  applicationId: idOf('app'),
  applicationName: z.string(),
  /** What the application says, to be compared with what the person sees or hears there. */
  bindingMessage: z.string(),
  /** Whether it is told the person’s name as well. */
  tellsName: z.boolean(),
  /** The API that its token would be for. */
  resource: z.string().optional(),
  /** What is asked of the passkey that allows it. */
  acr: Acr,
  askedAt: z.string(),
  expiresAt: z.string(),
});
/** The same, once it was read. */
export type SignInRequest = z.infer<typeof SignInRequest>;

/** An application that may ask the caller nothing until then. */
export const SilencedApplication = z.object({
  applicationId: idOf('app'),
  applicationName: z.string(),
  until: z.string(),
});
/** The same, once it was read. */
export type SilencedApplication = z.infer<typeof SilencedApplication>;

const base = {
  realm: 'workforce',
  caller: 'staff',
  resource: { type: 'Workforce' },
} as const;
const one = z.object({ requestId: idOf('sir') });

export const listSignInRequests = defineRoute({
  ...base,
  id: 'self.sign-in-requests',
  method: 'get',
  path: '/api/self/sign-in-requests',
  action: 'self:read',
  summary: 'Which applications ask the caller to sign in, and which of them they have silenced.',
  reply: z.object({
    requests: z.array(SignInRequest),
    silenced: z.array(SilencedApplication),
  }),
  status: 200,
  problems: [],
});

export const beginAllowing = defineRoute({
  ...base,
  id: 'self.sign-in-requests.begin',
  method: 'post',
  path: '/api/self/sign-in-requests/{requestId}/ceremony',
  action: 'self:manage',
  params: one,
  summary:
    'Begin to allow a request. Answers options for an assertion whose challenge is the SHA-256 of that ' +
    'very request; it is good for this session, once, as long as the request.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['sign-in-request.unknown', 'sign-in-request.level', 'sign-in-request.place'],
});

export const allowSignIn = defineRoute({
  ...base,
  id: 'self.sign-in-requests.allow',
  method: 'post',
  path: '/api/self/sign-in-requests/proof',
  action: 'self:manage',
  summary: 'Allow the request that was begun, with a passkey that one has.',
  body: CredentialJson,
  reply: 'empty',
  status: 204,
  problems: [
    'sign-in-request.unknown',
    'ceremony.refused',
    'ceremony.expired',
    'evidence.unavailable',
  ],
});

export const refuseSignIn = defineRoute({
  ...base,
  id: 'self.sign-in-requests.refuse',
  method: 'post',
  path: '/api/self/sign-in-requests/{requestId}/refusal',
  action: 'self:manage',
  params: one,
  summary: 'Refuse a request, and silence its application for a while if one wants to.',
  body: z.strictObject({ silenceMinutes: z.literal([...silenceMinutes]).optional() }),
  reply: 'empty',
  status: 204,
  problems: ['sign-in-request.unknown', 'evidence.unavailable'],
});

export const hearApplicationAgain = defineRoute({
  ...base,
  id: 'self.sign-in-requests.hear-again',
  method: 'post',
  path: '/api/self/silenced-applications/{applicationId}/end',
  action: 'self:manage',
  params: z.object({ applicationId: idOf('app') }),
  summary:
    'Let an application that one has silenced ask again. One that is not gets the same answer.',
  reply: 'empty',
  status: 204,
  problems: [],
});
