import { z } from 'zod';
import { CaseType } from '../data-categories.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

/** What the customer's page shows before it asks for the passkey: who asks, for what, on which call. */
export const ProofContext = z.object({
  proofRequestId: idOf('prq'),
  state: z.enum(['open', 'bound', 'declined', 'cancelled', 'expired', 'refused']),
  company: z.string(),
  desk: z.string(),
  agentName: z.string(),
  purpose: CaseType,
  channel: z.enum(['call', 'chat', 'video']),
  callStartedAt: z.string(),
  /** True when the agent started: the customer types the number that the agent reads out. */
  needsNumber: z.boolean(),
  expiresAt: z.string(),
});
export type ProofContext = z.infer<typeof ProofContext>;

const params = z.object({ proofRequestId: idOf('prq') });

/**
 * The HTTP header in which the customer's page sends the secret that stood behind `#` in the message's
 * link: 43 characters of base64url, 32 random bytes. In a header, because addresses get into logs.
 */
export const LINK_SECRET_HEADER = 'proofline-link-secret';

const ProofOptionsBody = z
  .object({
    matchingNumber: z
      .string()
      .regex(/^\d{2}$/)
      .optional(),
  })
  .strict();
const DeclineBody = z.object({ because: z.enum(['not-me', 'not-now']) }).strict();

export const readProofContext = defineRoute({
  id: 'customer.proof-context',
  method: 'get',
  path: '/api/customer/proof-requests/{proofRequestId}',
  realm: 'customers',
  caller: 'anyone',
  params,
  summary:
    'What is asked, for whoever has the secret of the message’s link (header proofline-link-secret). ' +
    'Names no customer, and changes nothing: programs that look into messages follow links.',
  reply: ProofContext,
  status: 200,
  problems: ['proof.closed'],
});

export const proofOptions = defineRoute({
  id: 'customer.proof-options',
  method: 'post',
  path: '/api/customer/proof-requests/{proofRequestId}/options',
  realm: 'customers',
  caller: 'anyone',
  params,
  summary:
    'With the link’s secret. Checks the matching number; answers options whose challenge is ' +
    'SHA-256 of the context.',
  body: ProofOptionsBody,
  reply: CeremonyOptions.extend({ context: z.string() }),
  status: 200,
  problems: ['proof.closed', 'proof.number-wrong', 'request.too-many'],
});

export const proofAssertion = defineRoute({
  id: 'customer.proof-assertion',
  method: 'post',
  path: '/api/customer/proof-requests/{proofRequestId}/assertion',
  realm: 'customers',
  caller: 'anyone',
  params,
  body: CredentialJson,
  summary:
    'With the link’s secret. The customer’s assertion over the context: binds the proof to the call.',
  reply: 'empty',
  status: 204,
  problems: ['proof.closed', 'ceremony.refused', 'ceremony.expired'],
});

export const declineProof = defineRoute({
  id: 'customer.decline',
  method: 'post',
  path: '/api/customer/proof-requests/{proofRequestId}/decline',
  realm: 'customers',
  caller: 'anyone',
  params,
  summary: 'With the link’s secret. “It is not me who is calling”, or “not now”.',
  body: DeclineBody,
  reply: 'empty',
  status: 204,
  problems: ['proof.closed'],
});

export const readOwnRequest = defineRoute({
  id: 'customer.own-request',
  method: 'get',
  path: '/api/customer/self/proof-requests/{proofRequestId}',
  realm: 'customers',
  caller: 'customer',
  params,
  summary: 'What the signed-in customer is asked, and how it ended.',
  reply: ProofContext,
  status: 200,
  problems: ['proof.closed'],
});

export const ownRequestOptions = defineRoute({
  id: 'customer.own-request.options',
  method: 'post',
  path: '/api/customer/self/proof-requests/{proofRequestId}/options',
  realm: 'customers',
  caller: 'customer',
  params,
  summary: 'As customer.proof-options, for the signed-in customer.',
  body: ProofOptionsBody,
  reply: CeremonyOptions.extend({ context: z.string() }),
  status: 200,
  problems: ['proof.closed', 'proof.number-wrong', 'request.too-many'],
});

export const ownRequestAssertion = defineRoute({
  id: 'customer.own-request.assertion',
  method: 'post',
  path: '/api/customer/self/proof-requests/{proofRequestId}/assertion',
  realm: 'customers',
  caller: 'customer',
  params,
  body: CredentialJson,
  summary: 'As customer.proof-assertion, for the signed-in customer.',
  reply: 'empty',
  status: 204,
  problems: ['proof.closed', 'ceremony.refused', 'ceremony.expired'],
});

export const declineOwnRequest = defineRoute({
  id: 'customer.own-request.decline',
  method: 'post',
  path: '/api/customer/self/proof-requests/{proofRequestId}/decline',
  realm: 'customers',
  caller: 'customer',
  params,
  summary: 'As customer.decline, for the signed-in customer.',
  body: DeclineBody,
  reply: 'empty',
  status: 204,
  problems: ['proof.closed'],
});
