import { z } from 'zod';
import { customerData } from '../applications.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

const params = z.object({ uid: z.string().regex(/^[A-Za-z0-9_-]{10,64}$/) });
const Redirect = z.object({ redirectTo: z.string() });
const base = { realm: 'customers', caller: 'anyone' } as const;

/** Which application asks a customer to sign in to it, and all that it will learn. */
export const CustomerSignInPrompt = z.object({
  company: z.string(),
  application: z.object({
    name: z.string(),
    /** Where the customer is sent back to. */
    host: z.string(),
    /** Besides a name that stands for the customer there alone. */
    learns: z.array(z.enum(customerData)),
  }),
  /** Who is signed in here has agreed to all of it before. */
  agreed: z.boolean(),
  /** Which passkey it takes; absent: any. */
  acr: z.literal('phrh').optional(),
  /** What is agreed to, as a digest: whoever agrees says which terms they saw. */
  terms: z.string(),
});
/** Which application asks a customer to sign in to it, and all that it will learn. */
export type CustomerSignInPrompt = z.infer<typeof CustomerSignInPrompt>;

export const customerSignInPrompt = defineRoute({
  ...base,
  id: 'customer.application-sign-in.prompt',
  method: 'get',
  path: '/api/customer/sign-ins/{uid}',
  params,
  summary: 'Which application asks a customer to sign in, and what it will learn.',
  reply: CustomerSignInPrompt,
  status: 200,
  problems: ['signin.unknown'],
});

export const beginCustomerConsent = defineRoute({
  ...base,
  id: 'customer.application-sign-in.options',
  method: 'post',
  path: '/api/customer/sign-ins/{uid}/options',
  params,
  summary:
    'Options for the passkey that signs in and agrees: the challenge is over these very terms.',
  body: z.object({ terms: z.string().max(100) }).strict(),
  reply: CeremonyOptions,
  status: 200,
  problems: ['signin.unknown'],
});

export const proveCustomerConsent = defineRoute({
  ...base,
  id: 'customer.application-sign-in.assertion',
  method: 'post',
  path: '/api/customer/sign-ins/{uid}/assertion',
  params,
  body: CredentialJson,
  summary: 'Sign in to the application and agree to what it learns; answers where that goes on.',
  reply: Redirect,
  status: 200,
  problems: ['signin.unknown', 'ceremony.refused', 'ceremony.expired', 'evidence.unavailable'],
});

export const leaveCustomerSignIn = defineRoute({
  ...base,
  id: 'customer.application-sign-in.cancel',
  method: 'post',
  path: '/api/customer/sign-ins/{uid}/cancel',
  params,
  summary: 'Do not sign in; the application is told `access_denied`, and nothing else.',
  reply: Redirect,
  status: 200,
  problems: ['signin.unknown'],
});

/** An application that a customer has agreed to. */
export const AgreedApplication = z.object({
  applicationId: idOf('app'),
  name: z.string(),
  host: z.string(),
  learns: z.array(z.enum(customerData)),
  agreedAt: z.string(),
});
/** An application that a customer has agreed to. */
export type AgreedApplication = z.infer<typeof AgreedApplication>;

export const listAgreedApplications = defineRoute({
  id: 'customer.applications',
  method: 'get',
  path: '/api/customer/applications',
  realm: 'customers',
  caller: 'customer',
  summary: 'The applications that the customer has agreed to sign in to, the newest first.',
  reply: z.object({ applications: z.array(AgreedApplication) }),
  status: 200,
  problems: [],
});

export const withdrawAgreement = defineRoute({
  id: 'customer.applications.withdraw',
  method: 'post',
  path: '/api/customer/applications/{applicationId}/withdrawal',
  realm: 'customers',
  caller: 'customer',
  params: z.object({ applicationId: idOf('app') }),
  summary: 'Take back what was agreed to: what the application holds is worth nothing from now on.',
  reply: 'empty',
  status: 204,
  problems: ['evidence.unavailable'],
});
