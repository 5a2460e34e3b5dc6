import { z } from 'zod';
import { customerData } from '../applications.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Acr } from '../subjects.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';
import { SilencedApplication, silenceMinutes } from './sign-in-requests.ts';

/** An application asks a customer to sign in to it who is not at its screen (CIBA Core 1.0). */
export const CustomerSignInRequest = z.object({
  requestId: idOf('sir'),
  applicationId: idOf('app'),
  applicationName: z.string(),
  /** Where the application is. */
  host: z.string(),
  /** What the application says, to be compared with what the customer sees or hears there. */
  bindingMessage: z.string(),
  /** Besides a name that stands for the customer there alone. */
  learns: z.array(z.enum(customerData)),
  /** The customer has agreed to all of it before. */
  agreed: z.boolean(),
  /** What is asked of the passkey that allows it. */
  acr: Acr,
  askedAt: z.string(),
  expiresAt: z.string(),
});
/** The same, once it was read. */
export type CustomerSignInRequest = z.infer<typeof CustomerSignInRequest>;

const base = { realm: 'customers', caller: 'customer' } as const;
const one = z.object({ requestId: idOf('sir') });

export const listCustomerSignInRequests = defineRoute({
  ...base,
  id: 'customer.sign-in-requests',
  method: 'get',
  path: '/api/customer/sign-in-requests',
  summary: 'Which applications ask the customer to sign in, and which of them they have silenced.',
  reply: z.object({
    requests: z.array(CustomerSignInRequest),
    silenced: z.array(SilencedApplication),
  }),
  status: 200,
  problems: [],
});

export const beginCustomerAllowing = defineRoute({
  ...base,
  id: 'customer.sign-in-requests.begin',
  method: 'post',
  path: '/api/customer/sign-in-requests/{requestId}/ceremony',
  params: one,
  summary:
    'Begin to allow a request. Answers options for an assertion whose challenge is over that very request ' +
    'and what the application learns; it is good for this session, once, as long as the request.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['sign-in-request.unknown', 'sign-in-request.level'],
});

export const allowCustomerSignIn = defineRoute({
  ...base,
  id: 'customer.sign-in-requests.allow',
  method: 'post',
  path: '/api/customer/sign-in-requests/proof',
  summary: 'Allow the request that was begun, and agree to what the application learns.',
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

export const refuseCustomerSignIn = defineRoute({
  ...base,
  id: 'customer.sign-in-requests.refuse',
  method: 'post',
  path: '/api/customer/sign-in-requests/{requestId}/refusal',
  params: one,
  summary: 'Refuse a request, and silence its application for a while if one wants to.',
  body: z.strictObject({ silenceMinutes: z.literal([...silenceMinutes]).optional() }),
  reply: 'empty',
  status: 204,
  problems: ['sign-in-request.unknown', 'evidence.unavailable'],
});

export const hearCustomersApplicationAgain = defineRoute({
  ...base,
  id: 'customer.sign-in-requests.hear-again',
  method: 'post',
  path: '/api/customer/silenced-applications/{applicationId}/end',
  params: z.object({ applicationId: idOf('app') }),
  summary:
    'Let an application that one has silenced ask again. One that is not gets the same answer.',
  reply: 'empty',
  status: 204,
  problems: [],
});
