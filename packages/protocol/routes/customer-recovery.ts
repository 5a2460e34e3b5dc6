import { z } from 'zod';
import { AccountNumber } from '../account-number.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';
import {
  OpenRecovery,
  RecoveryCode,
  RecoveryProgress,
  RecoveryWait,
  Vouching,
} from './recovery.ts';

const Secret = z.string().min(20).max(100);

/** What a customer has laid by for the day on which every passkey is lost. */
export const CustomerRecovery = z.object({
  contacts: z.array(
    z.object({
      contactId: idOf('cus'),
      displayName: z.string(),
      /** Their word counts for recoveries that begin after this. */
      countsFrom: z.string(),
    }),
  ),
  contactsNeeded: z.number().int(),
  contactsMost: z.number().int(),
  codeMadeAt: z.string().optional(),
  /** How many addresses on file are told of every step. */
  channels: z.number().int(),
  wait: RecoveryWait,
  /** A recovery of their own account that is under way. */
  open: OpenRecovery.optional(),
  /** Names of those who chose them and ask for their word now. */
  askedBy: z.array(z.string()),
  /** Until then the account counts for less, because it was recovered. */
  cappedUntil: z.string().optional(),
});
export type CustomerRecovery = z.infer<typeof CustomerRecovery>;

/** What a customer may lay by or undo, each with a passkey over this very act. */
export const RecoveryAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('seal-code') }).strict(),
  z.object({ kind: z.literal('invite-contact') }).strict(),
  z.object({ kind: z.literal('remove-contact'), contactId: idOf('cus') }).strict(),
  z.object({ kind: z.literal('accept-contact'), secret: Secret }).strict(),
  /** Of the recovery that is under way, where sessions alone have cancelled too often. */
  z.object({ kind: z.literal('cancel') }).strict(),
]);
export type RecoveryAct = z.infer<typeof RecoveryAct>;

/** What came of an act. */
export const CustomerRecoveryDone = CustomerRecovery.extend({
  /** Only of `invite-contact`: for whom the customer trusts, good once. */
  invitation: z.object({ link: z.string(), expiresAt: z.string() }).optional(),
});
export type CustomerRecoveryDone = z.infer<typeof CustomerRecoveryDone>;

export const startCustomerRecovery = defineRoute({
  id: 'customer.recovery.start',
  method: 'post',
  path: '/api/customer/recovery/start',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Begin to get back into one’s own account; bound to this browser by a cookie.',
  body: z.object({ accountNumber: AccountNumber }).strict(),
  reply: RecoveryProgress,
  status: 202,
  problems: ['request.too-many'],
});

export const customerRecoveryState = defineRoute({
  id: 'customer.recovery.state',
  method: 'get',
  path: '/api/customer/recovery/state',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Where the recovery that this browser began stands.',
  reply: RecoveryProgress,
  status: 200,
  problems: ['recovery.unknown'],
});

export const giveCustomerRecoveryCode = defineRoute({
  id: 'customer.recovery.code',
  method: 'post',
  path: '/api/customer/recovery/code',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Give the sealed recovery code, in the browser that began.',
  body: z.object({ code: RecoveryCode }).strict(),
  reply: RecoveryProgress,
  status: 200,
  problems: ['recovery.unknown', 'recovery.code-refused'],
});

export const customerRecoveryOptions = defineRoute({
  id: 'customer.recovery.options',
  method: 'post',
  path: '/api/customer/recovery/passkey/options',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Options for the new passkey, once the wait is over, in the browser that began.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['recovery.unknown', 'recovery.not-ready'],
});

export const customerRecoveryPasskey = defineRoute({
  id: 'customer.recovery.passkey',
  method: 'post',
  path: '/api/customer/recovery/passkey',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Register the new passkey: every earlier one, every session and every proof ends.',
  body: CredentialJson,
  reply: RecoveryProgress,
  status: 201,
  problems: ['recovery.unknown', 'recovery.not-ready', 'ceremony.refused', 'ceremony.expired'],
});

export const cancelCustomerRecoveryByLink = defineRoute({
  id: 'customer.recovery.cancel-by-link',
  method: 'post',
  path: '/api/customer/recovery/cancel-by-link',
  realm: 'customers',
  caller: 'anyone',
  summary: 'Cancel a recovery by the link of a notice, which can do nothing else.',
  body: z.object({ secret: Secret }).strict(),
  reply: 'empty',
  status: 204,
  problems: ['recovery.touch-needed'],
});

export const readCustomerRecovery = defineRoute({
  id: 'customer.recovery.own',
  method: 'get',
  path: '/api/customer/recovery',
  realm: 'customers',
  caller: 'customer',
  summary: 'What the customer has laid by for a recovery, and one that is under way.',
  reply: CustomerRecovery,
  status: 200,
  problems: [],
});

export const cancelCustomerRecovery = defineRoute({
  id: 'customer.recovery.cancel-own',
  method: 'post',
  path: '/api/customer/recovery/cancel',
  realm: 'customers',
  caller: 'customer',
  summary: 'Cancel, with one tap, the recovery of the customer’s own account.',
  reply: 'empty',
  status: 204,
  problems: ['recovery.touch-needed'],
});

export const beginRecoveryAct = defineRoute({
  id: 'customer.recovery.begin',
  method: 'post',
  path: '/api/customer/recovery/acts',
  realm: 'customers',
  caller: 'customer',
  summary:
    'Begin to lay something by for a recovery. Answers options for an assertion whose challenge is ' +
    'the SHA-256 of that very act; it is good for this session, once, for five minutes.',
  body: z.object({ act: RecoveryAct }).strict(),
  reply: CeremonyOptions,
  status: 200,
  problems: ['recovery.invitation-dead'],
});

export const proveRecoveryAct = defineRoute({
  id: 'customer.recovery.prove',
  method: 'post',
  path: '/api/customer/recovery/proof',
  realm: 'customers',
  caller: 'customer',
  summary:
    'Prove, with a passkey, what was begun; with the code that this page made, where it is one.',
  body: z.object({ answer: CredentialJson, code: RecoveryCode.optional() }).strict(),
  reply: CustomerRecoveryDone,
  status: 200,
  problems: [
    'recovery.contacts-refused',
    'recovery.invitation-dead',
    'ceremony.refused',
    'ceremony.expired',
  ],
});

export const readRecoveryInvitation = defineRoute({
  id: 'customer.recovery.invitation',
  method: 'post',
  path: '/api/customer/recovery/invitation',
  realm: 'customers',
  caller: 'customer',
  summary: 'Who asks the customer, by this invitation, to become their recovery contact.',
  body: z.object({ secret: Secret }).strict(),
  reply: z.object({ displayName: z.string() }),
  status: 200,
  problems: ['recovery.invitation-dead'],
});

export const beginCustomerVouching = defineRoute({
  id: 'customer.recovery.vouch-options',
  method: 'post',
  path: '/api/customer/recovery/vouch/options',
  realm: 'customers',
  caller: 'customer',
  summary: 'Find, by the code that somebody says in person, what a contact is asked to sign for.',
  body: z.object({ matchingCode: z.string().regex(/^\d{8}$/) }).strict(),
  reply: Vouching,
  status: 200,
  problems: ['recovery.not-asked', 'request.too-many'],
});

export const vouchForCustomer = defineRoute({
  id: 'customer.recovery.vouch',
  method: 'post',
  path: '/api/customer/recovery/vouch',
  realm: 'customers',
  caller: 'customer',
  summary: 'Sign, with the own passkey, for somebody who chose one as their contact.',
  body: CredentialJson,
  reply: 'empty',
  status: 204,
  problems: ['recovery.not-asked', 'ceremony.refused', 'ceremony.expired'],
});
