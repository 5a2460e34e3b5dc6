import { z } from 'zod';
import { AccountNumber } from '../account-number.ts';
import { defineRoute } from '../route.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';
import { ProofContext } from './customer-proofs.ts';

export const inviteCustomer = defineRoute({
  id: 'enrolments.invite',
  method: 'post',
  path: '/api/enrolments',
  realm: 'workforce',
  caller: 'service',
  action: 'enrolment:invite',
  resource: { type: 'Customers' },
  summary:
    'The account-opening system invites a customer who has never had a passkey. The link goes to ' +
    'the contact on file; whoever calls this never sees it.',
  body: z.object({ accountNumber: AccountNumber }).strict(),
  reply: 'empty',
  status: 202,
  problems: ['enrolment.not-new'],
});

export const readCustomerPage = defineRoute({
  id: 'customer.page',
  method: 'get',
  path: '/api/customer/page',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Whose page this is, before anybody has signed in.',
  reply: z.object({ company: z.string() }),
  status: 200,
  problems: [],
});

/** Whose invitation it is, as far as its page may say. */
export const EnrolmentState = z.object({ company: z.string(), greetingName: z.string() });
export type EnrolmentState = z.infer<typeof EnrolmentState>;

export const openEnrolment = defineRoute({
  id: 'enrolments.open',
  method: 'post',
  path: '/api/customer/enrolment/open',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Open an enrolment link; binds it to this device by a cookie.',
  body: z.object({ secret: z.string().min(20).max(100) }).strict(),
  reply: EnrolmentState,
  status: 200,
  problems: ['enrolment.link-dead', 'request.too-many'],
});

export const enrolmentOptions = defineRoute({
  id: 'enrolments.options',
  method: 'post',
  path: '/api/customer/enrolment/options',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Options for registering the customer’s first passkey.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['enrolment.link-dead'],
});

export const enrolmentPasskey = defineRoute({
  id: 'enrolments.passkey',
  method: 'post',
  path: '/api/customer/enrolment/passkey',
  realm: 'customers',
  caller: 'anyone',
  body: CredentialJson,
  summary: 'Register the customer’s first passkey.',
  reply: 'empty',
  status: 201,
  problems: ['enrolment.link-dead', 'ceremony.refused', 'ceremony.expired'],
});

export const customerSignInOptions = defineRoute({
  id: 'customer.sign-in.options',
  method: 'post',
  path: '/api/customer/sign-in/options',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Options for the customer’s passkey assertion.',
  reply: CeremonyOptions,
  status: 200,
  problems: [],
});

export const customerSignIn = defineRoute({
  id: 'customer.sign-in',
  method: 'post',
  path: '/api/customer/sign-in',
  realm: 'customers',
  caller: 'anyone',
  body: CredentialJson,
  summary: 'Sign the customer in on the company’s own page.',
  reply: 'empty',
  status: 204,
  problems: ['ceremony.refused', 'ceremony.expired'],
});

export const customerSignOut = defineRoute({
  id: 'customer.sign-out',
  method: 'post',
  path: '/api/customer/sign-out',
  realm: 'customers',
  caller: 'customer',
  summary: 'Sign out.',
  reply: 'empty',
  status: 204,
  problems: [],
});

/** A signed-in customer and what waits for them. */
export const CustomerSelf = z.object({
  greetingName: z.string(),
  company: z.string(),
  callCode: z.object({ code: z.string(), expiresAt: z.string() }).optional(),
  openRequest: ProofContext.optional(),
});
export type CustomerSelf = z.infer<typeof CustomerSelf>;

export const readCustomerSelf = defineRoute({
  id: 'customer.self',
  method: 'get',
  path: '/api/customer/self',
  realm: 'customers',
  caller: 'customer',
  summary: 'The signed-in customer, their call code, and the request that waits for them.',
  reply: CustomerSelf,
  status: 200,
  problems: [],
});

export const createCallCode = defineRoute({
  id: 'customer.call-code',
  method: 'post',
  path: '/api/customer/call-codes',
  realm: 'customers',
  caller: 'customer',
  summary:
    'A short code that routes this customer to the agent they are speaking with. Proves nothing.',
  reply: z.object({ code: z.string(), expiresAt: z.string() }),
  status: 201,
  problems: ['request.too-many'],
});
