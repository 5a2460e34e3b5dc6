import { z } from 'zod';

/** How much harm an action can do: decides how strong and how fresh the proofs must be. */
export type Tier = 'low' | 'medium' | 'high';

interface ActionFacts {
  readonly tier: Tier;
  /** `account`: acts on a customer’s record in a guarded system, behind an enforcement point. */
  readonly on?: 'account';
  /** Reads as «Anna may …». */
  readonly label: string;
}

/** Every action that Proofline decides, `domain:verb`. What is not here cannot be permitted. */
export const actions = {
  'account:read-public': { tier: 'low', on: 'account', label: 'read what is public' },
  'account:read': { tier: 'low', on: 'account', label: 'read the account' },
  'invoice:read': { tier: 'low', on: 'account', label: 'read the invoices' },
  'usage:read': { tier: 'low', on: 'account', label: 'read what was used' },
  'order:read': { tier: 'low', on: 'account', label: 'read the orders' },
  'ticket:read': { tier: 'low', on: 'account', label: 'read the fault reports' },
  'delivery-preference:update': {
    tier: 'low',
    on: 'account',
    label: 'change how invoices are delivered',
  },
  'note:add': { tier: 'low', on: 'account', label: 'add a note' },
  'callback:schedule': { tier: 'low', on: 'account', label: 'promise a call back' },
  'complaint:record': { tier: 'low', on: 'account', label: 'record a complaint' },
  'ticket:open': { tier: 'low', on: 'account', label: 'report a fault' },
  'line:test': { tier: 'low', on: 'account', label: 'test the line' },
  'appointment:book': { tier: 'low', on: 'account', label: 'book an engineer' },
  'fraud-flag:set': { tier: 'low', on: 'account', label: 'flag a suspicion of fraud' },
  'billing-address:update': { tier: 'medium', on: 'account', label: 'change the billing address' },
  'plan:change': { tier: 'medium', on: 'account', label: 'change the plan' },
  'add-on:book': { tier: 'medium', on: 'account', label: 'book an add-on' },
  'order:cancel': { tier: 'medium', on: 'account', label: 'cancel an order' },
  'appointment:cancel': { tier: 'medium', on: 'account', label: 'cancel an engineer’s visit' },
  'marketing-consent:update': {
    tier: 'medium',
    on: 'account',
    label: 'change the consent to advertising',
  },
  'service-address:move': {
    tier: 'medium',
    on: 'account',
    label: 'move the service to another address',
  },
  'priority-service:register': {
    tier: 'medium',
    on: 'account',
    label: 'register a need for priority service',
  },
  'payment-plan:agree': { tier: 'medium', on: 'account', label: 'agree on a payment plan' },
  'late-fee:waive': { tier: 'medium', on: 'account', label: 'waive a late fee' },
  'collection:pause': { tier: 'medium', on: 'account', label: 'pause the collection of a debt' },
  'credit:grant': { tier: 'medium', on: 'account', label: 'grant a credit' },
  'invoice:correct': { tier: 'medium', on: 'account', label: 'correct an invoice' },
  'router:restart': { tier: 'medium', on: 'account', label: 'restart the router' },
  'equipment:replace': { tier: 'medium', on: 'account', label: 'replace equipment' },
  'refund:initiate': { tier: 'high', on: 'account', label: 'start a refund' },
  'bank-details:update': { tier: 'high', on: 'account', label: 'change the bank details' },
  'contact-details:update': { tier: 'high', on: 'account', label: 'change the contact on file' },
  'sim:replace': { tier: 'high', on: 'account', label: 'replace the SIM' },
  'number:release': {
    tier: 'high',
    on: 'account',
    label: 'release the number to another provider',
  },
  'contract:terminate': { tier: 'high', on: 'account', label: 'end the contract' },
  'credit-limit:raise': { tier: 'high', on: 'account', label: 'raise the credit limit' },
  'debt:write-off': { tier: 'high', on: 'account', label: 'write off a debt' },
  'fraud-flag:lift': { tier: 'high', on: 'account', label: 'lift a suspicion of fraud' },
  'recording:listen': { tier: 'high', on: 'account', label: 'listen to a recording' },
  'record:export': { tier: 'high', on: 'account', label: 'hand out a copy of the record' },

  'interaction:start': { tier: 'low', label: 'announce a call' },
  'interaction:read': { tier: 'low', label: 'see the call' },
  'interaction:list': { tier: 'low', label: 'see the calls' },
  'interaction:end': { tier: 'low', label: 'end the call' },
  'wrap-up:record': { tier: 'low', label: 'write down how the call ended' },
  'case:list': { tier: 'low', label: 'see the cases' },
  'proof:request': { tier: 'low', label: 'ask the customer for proof' },
  'grant:issue': { tier: 'low', label: 'obtain a grant for the case' },

  'approval:request': { tier: 'low', label: 'ask for an approval' },
  'approval:list': { tier: 'low', label: 'see the approvals' },
  'approval:decide': { tier: 'medium', label: 'approve or reject' },

  'break-glass:request': { tier: 'high', label: 'ask for emergency access to a record' },
  'break-glass:list': { tier: 'low', label: 'see emergency accesses' },
  'break-glass:read': { tier: 'medium', label: 'see what an emergency access was used for' },
  'break-glass:open': { tier: 'high', label: 'open an emergency access for a colleague' },
  'break-glass:use': { tier: 'medium', label: 'use an emergency access that was opened' },
  'break-glass:end': { tier: 'medium', label: 'end an emergency access' },
  'break-glass:review': { tier: 'medium', label: 'judge an emergency access afterwards' },

  'onboarding:invite': { tier: 'medium', label: 'invite a new colleague' },
  'onboarding:list': { tier: 'low', label: 'see the invitations' },
  'onboarding:confirm': { tier: 'medium', label: 'confirm a new colleague in person' },
  'enrolment:invite': { tier: 'medium', label: 'invite a new customer to enrol' },
  'person:list': { tier: 'low', label: 'see the staff' },
  'person:read': { tier: 'low', label: 'see a colleague and their authenticators' },
  'session:list': { tier: 'low', label: 'see the live sessions' },
  'session:end': { tier: 'medium', label: 'end a session' },
  'provisioning:read': { tier: 'low', label: 'read who is provisioned' },
  'provisioning:change': { tier: 'medium', label: 'change who is provisioned' },
  'provisioning:give-role': { tier: 'medium', label: 'give a role by provisioning' },
  'provisioning:oversee': { tier: 'low', label: 'see the connections of provisioning' },
  'provisioning:connect': { tier: 'high', label: 'connect a directory' },
  'provisioning:disconnect': { tier: 'medium', label: 'end a connection of provisioning' },
  'service:list': { tier: 'low', label: 'see the services and their keys' },
  'service:register': { tier: 'high', label: 'register a service' },
  'service:widen': { tier: 'high', label: 'give a service more, or another key' },
  'service:retire-key': { tier: 'high', label: 'retire a key of a service' },
  'service:remove': { tier: 'high', label: 'remove a service' },
  'service:narrow': { tier: 'medium', label: 'take something from a service, or suspend it' },
  'application:list': { tier: 'low', label: 'see the applications' },
  'application:register': { tier: 'high', label: 'register an application' },
  'application:change': { tier: 'high', label: 'change an application' },
  'application:suspend': { tier: 'medium', label: 'suspend an application' },
  'application:remove': { tier: 'high', label: 'remove an application' },
  'signing-key:list': { tier: 'low', label: 'see the signing keys' },
  'signing-key:rotate': { tier: 'high', label: 'replace the signing key' },
  'self:prepare': { tier: 'medium', label: 'lay by what a recovery of their account needs' },
  'colleague:vouch': { tier: 'medium', label: 'vouch in person for a colleague’s recovery' },
  'self:read': { tier: 'low', label: 'see their own session' },
  'self:manage': { tier: 'medium', label: 'change their own passkeys' },

  'decision:evaluate': { tier: 'low', label: 'ask for a decision' },
  'decision:search': { tier: 'low', label: 'search who may do what' },
  'access-request:submit': { tier: 'low', label: 'ask for an approval of what was denied' },
  'access-request:cancel': { tier: 'low', label: 'take an access request back' },
  'access-request:read': { tier: 'low', label: 'see what became of an access request' },
  'decision:read': { tier: 'low', label: 'read a decision' },
  'result:report': { tier: 'low', label: 'report a result' },
  'switch:list': { tier: 'low', label: 'see what is stopped' },
  'switch:throw': { tier: 'high', label: 'stop something at once' },
  'switch:lift': { tier: 'high', label: 'end a stop before its time' },
  'policy:read': { tier: 'low', label: 'read the policies' },
  'policy:propose': { tier: 'medium', label: 'propose other policies' },
  'policy:rehearse': { tier: 'medium', label: 'try out proposed policies beside the live ones' },
  'policy:vouch': { tier: 'high', label: 'answer for policies that a program proposed' },
  'policy:promote': { tier: 'high', label: 'make proposed policies live' },
  'policy:rollback': { tier: 'high', label: 'go back to earlier policies' },
  'evidence:search': { tier: 'medium', label: 'search the evidence' },
  'evidence:read': { tier: 'medium', label: 'read evidence' },
  'evidence:export': { tier: 'medium', label: 'export evidence' },
  'erasure:list': { tier: 'medium', label: 'see what was erased, what falls due and what is held' },
  'erasure:request': { tier: 'high', label: 'ask for an erasure of evidence' },
  'erasure:approve': { tier: 'high', label: 'approve an erasure of evidence' },
  'erasure:decline': { tier: 'medium', label: 'decline an erasure of evidence' },
  'hold:place': { tier: 'medium', label: 'place a legal hold' },
  'hold:lift': { tier: 'high', label: 'lift a legal hold' },
} as const satisfies Record<string, ActionFacts>;

/** One of {@link actions}: `domain:verb`. */
export type Action = keyof typeof actions;

/** The names of {@link actions}, for iteration. */
// `Object.keys` forgets the literal type that it was given.
export const actionNames = Object.keys(actions) as Action[];
/** One of {@link actions}. */
export const Action = z.enum(actionNames);

/** The actions on a customer’s record: what a grant can name, and what only a customer’s proof opens. */
export const accountActions: readonly Action[] = actionNames.filter((name) => {
  const facts: ActionFacts = actions[name];
  return facts.on === 'account';
});
