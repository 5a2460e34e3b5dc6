import { z } from 'zod';

/** How much harm an action can do: decides how strong and how fresh the proofs must be. */
export type Tier = 'low' | 'medium' | 'high';

interface ActionFacts {
  readonly tier: Tier;
  /** Reads as «Anna may …». */
  readonly label: string;
}

/** Every action that Proofline decides, `domain:verb`. What is not here cannot be permitted. */
export const actions = {
  'account:read': { tier: 'low', label: 'read the account' },
  'account:read-public': { tier: 'low', label: 'read what is public' },
  'invoice:read': { tier: 'low', label: 'read the invoices' },
  'delivery-preference:update': { tier: 'low', label: 'change how invoices are delivered' },
  'billing-address:update': { tier: 'medium', label: 'change the billing address' },
  'refund:initiate': { tier: 'high', label: 'start a refund' },

  'interaction:start': { tier: 'low', label: 'announce a call' },
  'interaction:read': { tier: 'low', label: 'see the call' },
  'interaction:list': { tier: 'low', label: 'see the calls' },
  'interaction:end': { tier: 'low', label: 'end the call' },
  'case:list': { tier: 'low', label: 'see the cases' },
  'proof:request': { tier: 'low', label: 'ask the customer for proof' },
  'grant:issue': { tier: 'low', label: 'obtain a grant for the case' },

  'approval:request': { tier: 'low', label: 'ask for an approval' },
  'approval:list': { tier: 'low', label: 'see the approvals' },
  'approval:decide': { tier: 'medium', label: 'approve or reject' },

  'onboarding:invite': { tier: 'medium', label: 'invite a new colleague' },
  'onboarding:list': { tier: 'low', label: 'see the invitations' },
  'onboarding:confirm': { tier: 'medium', label: 'confirm a new colleague in person' },
  'enrolment:invite': { tier: 'medium', label: 'invite a new customer to enrol' },
  'person:list': { tier: 'low', label: 'see the staff' },
  'person:read': { tier: 'low', label: 'see a colleague and their authenticators' },
  'session:end': { tier: 'medium', label: 'end a session' },
  'self:read': { tier: 'low', label: 'see their own session' },

  'decision:evaluate': { tier: 'low', label: 'ask for a decision' },
  'decision:search': { tier: 'low', label: 'search who may do what' },
  'decision:read': { tier: 'low', label: 'read a decision' },
  'result:report': { tier: 'low', label: 'report a result' },
  'switch:list': { tier: 'low', label: 'see what is stopped' },
  'switch:throw': { tier: 'high', label: 'stop something at once' },
  'switch:lift': { tier: 'high', label: 'end a stop before its time' },
  'policy:read': { tier: 'low', label: 'read the policies' },
  'policy:propose': { tier: 'medium', label: 'propose other policies' },
  'policy:rehearse': { tier: 'medium', label: 'try out proposed policies beside the live ones' },
  'policy:promote': { tier: 'high', label: 'make proposed policies live' },
  'policy:rollback': { tier: 'high', label: 'go back to earlier policies' },
  'evidence:search': { tier: 'medium', label: 'search the evidence' },
  'evidence:read': { tier: 'medium', label: 'read evidence' },
  'evidence:export': { tier: 'medium', label: 'export evidence' },
} as const satisfies Record<string, ActionFacts>;

/** One of {@link actions}: `domain:verb`. */
export type Action = keyof typeof actions;

/** The names of {@link actions}, for iteration. */
// `Object.keys` forgets the literal type that it was given.
export const actionNames = Object.keys(actions) as Action[];
/** One of {@link actions}. */
export const Action = z.enum(actionNames);
