import { z } from 'zod';
import { AccountNumber } from '../account-number.ts';
import { CaseType } from '../data-categories.ts';
import { Capability } from '../decision.ts';
import { FieldInWords } from '../explain.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Total } from '../total.ts';

const params = z.object({ interactionId: idOf('int') });
const resource = { type: 'Interaction', param: 'interactionId' } as const;

/** A request for a customer's proof, as the agent's panel shows it. */
export const ProofRequest = z.object({
  proofRequestId: idOf('prq'),
  startedBy: z.enum(['agent', 'customer']),
  purpose: CaseType,
  state: z.enum(['open', 'bound', 'declined', 'cancelled', 'expired', 'refused']),
  /** Two digits that the customer types; only when the agent started, and only for that agent. */
  matchingNumber: z.string().optional(),
  expiresAt: z.string(),
  /** How it ended says that whoever is at the contact on file is not the caller. */
  contradicted: z.literal(true).optional(),
});
export type ProofRequest = z.infer<typeof ProofRequest>;

/** A bound proof, as the agent's panel shows it. */
export const ProofSummary = z.object({
  proofId: idOf('prf'),
  provedAt: z.string(),
  acr: z.enum(['phr', 'phrh']),
  evidenceId: idOf('evt'),
  /** The guarded system's own number for the proved customer's account. */
  accountNumber: z.string(),
  customerName: z.string(),
});
export type ProofSummary = z.infer<typeof ProofSummary>;

/** One call in a list. */
export const InteractionSummary = z.object({
  interactionId: idOf('int'),
  channel: z.enum(['call', 'chat', 'video']),
  state: z.enum(['ringing', 'live', 'ended']),
  agentId: idOf('stf').optional(),
  agentName: z.string().optional(),
  caseId: idOf('cse').optional(),
  caseType: CaseType.optional(),
  /** Whether a proof lives on it now: never after the end. */
  callerProved: z.boolean(),
  /** After the end: that the caller had proved who they are, and until when. Opens nothing. */
  endedProof: z.object({ provedAt: z.string(), endedAt: z.string() }).optional(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
});
export type InteractionSummary = z.infer<typeof InteractionSummary>;

/** Everything the agent's panel says about one call. */
export const Interaction = InteractionSummary.extend({
  proofRequest: ProofRequest.optional(),
  proof: ProofSummary.optional(),
  /** What the present proof opens on the caller's account, action by action, with reasons. */
  capabilities: z.array(Capability),
  /** What of the account is masked or hidden and why; while the customer’s proof lives. */
  fields: z.array(FieldInWords).optional(),
  /** The one next step, in a sentence. */
  nextStep: z.string(),
  /** After the end: whether how it ended may still be written down. */
  wrapUp: Capability.optional(),
});
export type Interaction = z.infer<typeof Interaction>;

export const startInteraction = defineRoute({
  id: 'interactions.start',
  method: 'post',
  path: '/api/interactions',
  realm: 'workforce',
  caller: 'service',
  action: 'interaction:start',
  resource: { type: 'Workforce' },
  summary: 'A telephony system announces a call for an agent. What the caller says proves nothing.',
  body: z
    .object({
      externalId: z.string().min(1).max(80),
      channel: z.enum(['call', 'chat', 'video']),
      agentId: idOf('stf'),
    })
    .strict(),
  reply: z.object({ interactionId: idOf('int') }),
  status: 201,
  problems: [],
});

export const endInteraction = defineRoute({
  id: 'interactions.hang-up',
  method: 'post',
  path: '/api/interactions/{interactionId}/hang-up',
  realm: 'workforce',
  caller: 'service',
  action: 'interaction:end',
  resource,
  params,
  summary: 'A telephony system says that the call is over.',
  reply: 'empty',
  status: 204,
  problems: [],
});

export const closeInteraction = defineRoute({
  id: 'interactions.end',
  method: 'post',
  path: '/api/interactions/{interactionId}/end',
  realm: 'workforce',
  caller: 'staff',
  action: 'interaction:end',
  resource,
  params,
  summary: 'The agent ends the call: proofs and grants of it die.',
  reply: 'empty',
  status: 204,
  problems: [],
});

/** How a call ended, from a closed list: nothing that somebody said is kept. */
export const callOutcomes = ['solved', 'to-be-continued', 'passed-on', 'not-proved'] as const;
/** One of {@link callOutcomes}. */
export const CallOutcome = z.enum(callOutcomes);
/** One of {@link callOutcomes}. */
export type CallOutcome = z.infer<typeof CallOutcome>;

export const recordWrapUp = defineRoute({
  id: 'interactions.wrap-up',
  method: 'post',
  path: '/api/interactions/{interactionId}/wrap-up',
  realm: 'workforce',
  caller: 'staff',
  action: 'wrap-up:record',
  resource,
  params,
  summary:
    'The agent writes down how the call ended, for a few minutes after it. A second one corrects it.',
  body: z.object({ outcome: CallOutcome }).strict(),
  reply: z.object({ evidenceId: idOf('evt') }),
  status: 201,
  problems: [],
});

export const listInteractions = defineRoute({
  id: 'interactions.list',
  method: 'get',
  path: '/api/interactions',
  realm: 'workforce',
  caller: 'staff',
  action: 'interaction:list',
  resource: { type: 'Workforce' },
  summary: 'The caller’s own calls; a supervisor sees those of their desk.',
  query: z.object({ state: z.enum(['ringing', 'live', 'ended', 'not-ended']).optional() }),
  reply: z.object({ interactions: z.array(InteractionSummary), total: Total }),
  status: 200,
  problems: [],
});

export const readInteraction = defineRoute({
  id: 'interactions.read',
  method: 'get',
  path: '/api/interactions/{interactionId}',
  realm: 'workforce',
  caller: 'staff',
  action: 'interaction:read',
  resource,
  params,
  summary: 'One call: what is proved, what that opens, and the next step.',
  reply: Interaction,
  status: 200,
  problems: [],
});

export const requestProof = defineRoute({
  id: 'proofs.request',
  method: 'post',
  path: '/api/interactions/{interactionId}/proof-requests',
  realm: 'workforce',
  caller: 'staff',
  action: 'proof:request',
  resource,
  params,
  summary:
    'The agent starts: a message goes to the contact on file, if there is one. The answer is the ' +
    'same whether or not the account exists.',
  body: z
    .object({
      accountNumber: AccountNumber,
      purpose: CaseType,
    })
    .strict(),
  reply: ProofRequest,
  status: 202,
  problems: [
    'interaction.ended',
    'proof.pending',
    'proof.too-many',
    'proof.other-customer',
    'request.too-many',
  ],
});

export const claimCallCode = defineRoute({
  id: 'proofs.claim',
  method: 'post',
  path: '/api/interactions/{interactionId}/call-codes',
  realm: 'workforce',
  caller: 'staff',
  action: 'proof:request',
  resource,
  params,
  summary: 'The customer starts: the agent types the call code that the customer sees.',
  body: z.object({ code: z.string().trim().min(4).max(12), purpose: CaseType }).strict(),
  reply: ProofRequest,
  status: 202,
  problems: [
    'interaction.ended',
    'proof.pending',
    'proof.code-wrong',
    'proof.other-customer',
    'request.too-many',
  ],
});

export const cancelProofRequest = defineRoute({
  id: 'proofs.cancel',
  method: 'post',
  path: '/api/interactions/{interactionId}/proof-requests/cancel',
  realm: 'workforce',
  caller: 'staff',
  action: 'proof:request',
  resource,
  params,
  summary: 'Withdraw the open request of this call.',
  reply: 'empty',
  status: 204,
  problems: ['proof.closed'],
});

/** A case without anything personal in it. */
export const CaseSummary = z.object({
  caseId: idOf('cse'),
  caseType: CaseType,
  state: z.enum(['open', 'closed']),
  interactionId: idOf('int').optional(),
  openedAt: z.string(),
  closedAt: z.string().optional(),
});
export type CaseSummary = z.infer<typeof CaseSummary>;

export const listCases = defineRoute({
  id: 'cases.list',
  method: 'get',
  path: '/api/cases',
  realm: 'workforce',
  caller: 'staff',
  action: 'case:list',
  resource: { type: 'Workforce' },
  summary: 'Cases of the calls that the caller sees, and of no call; nothing personal.',
  query: z.object({
    state: z.enum(['open', 'closed']).optional(),
    caseType: CaseType.optional(),
  }),
  reply: z.object({ cases: z.array(CaseSummary), total: Total }),
  status: 200,
  problems: [],
});
