import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Realm } from '../subjects.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

/** How long a recovery waits; shortened only where nothing is real. */
export const RecoveryWait = z.object({ seconds: z.number().int(), isShortened: z.boolean() });
export type RecoveryWait = z.infer<typeof RecoveryWait>;

/**
 * What the browser that began a recovery is shown. Until something was proved it is the same for an
 * account that there is and for one that there is not (P9).
 */
export const RecoveryProgress = z.object({
  state: z.enum(['collecting', 'waiting', 'ready', 'completed', 'cancelled', 'expired']),
  /** Eight digits that the subject says, in person, to whoever vouches for them. */
  matchingCode: z.string(),
  startedAt: z.string(),
  expiresAt: z.string(),
  readyAt: z.string().optional(),
  codeAccepted: z.boolean(),
  contactsSigned: z.number().int(),
  officersSigned: z.number().int(),
  wait: RecoveryWait,
});
export type RecoveryProgress = z.infer<typeof RecoveryProgress>;

/** A colleague by name. */
const Named = z.object({ subjectId: idOf('stf'), displayName: z.string(), desk: z.string() });

/** A sealed recovery code: 125 bits in base32 without letters that look like digits. */
export const RecoveryCode = z
  .string()
  .regex(/^(?:[0-9a-hjkmnp-tv-z]{5}-){4}[0-9a-hjkmnp-tv-z]{5}$/);

/** A recovery that is under way, as its own subject sees it from a live session. */
export const OpenRecovery = z.object({
  recoveryId: idOf('rcv'),
  state: z.enum(['collecting', 'waiting']),
  startedAt: z.string(),
  readyAt: z.string().optional(),
  codeAccepted: z.boolean(),
  contactsSigned: z.number().int(),
  officersSigned: z.number().int(),
});
export type OpenRecovery = z.infer<typeof OpenRecovery>;

/** What the signed-in colleague has laid by for the day on which every passkey is lost. */
export const OwnRecovery = z.object({
  contacts: z.array(Named),
  contactsNeeded: z.number().int(),
  contactsChosenAt: z.string().optional(),
  codeMadeAt: z.string().optional(),
  /** Whom they may choose: of their own desk, outside of support, leading and control. */
  eligible: z.array(Named),
  /** How many addresses on file are told of every step. */
  channels: z.number().int(),
  wait: RecoveryWait,
  /** A recovery of their own account that is under way. */
  open: OpenRecovery.optional(),
  /** Colleagues who chose them and ask for their word now. */
  askedBy: z.array(Named),
  /** Until then the account counts for less, because it was recovered. */
  cappedUntil: z.string().optional(),
});
export type OwnRecovery = z.infer<typeof OwnRecovery>;

export const startRecovery = defineRoute({
  id: 'recovery.start',
  method: 'post',
  path: '/api/recovery/start',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Begin to get back into one’s own account; bound to this browser by a cookie.',
  body: z.object({ employeeNumber: z.string().regex(/^[A-Z]{1,4}-?[0-9]{1,8}$/) }).strict(),
  reply: RecoveryProgress,
  status: 202,
  problems: ['request.too-many'],
});

export const recoveryState = defineRoute({
  id: 'recovery.state',
  method: 'get',
  path: '/api/recovery/state',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Where the recovery that this browser began stands.',
  reply: RecoveryProgress,
  status: 200,
  problems: ['recovery.unknown'],
});

export const giveRecoveryCode = defineRoute({
  id: 'recovery.code',
  method: 'post',
  path: '/api/recovery/code',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Give the sealed recovery code, in the browser that began.',
  body: z.object({ code: RecoveryCode }).strict(),
  reply: RecoveryProgress,
  status: 200,
  problems: ['recovery.unknown', 'recovery.code-refused'],
});

export const recoveryOptions = defineRoute({
  id: 'recovery.options',
  method: 'post',
  path: '/api/recovery/passkey/options',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Options for the new passkey, once the wait is over, in the browser that began.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['recovery.unknown', 'recovery.not-ready'],
});

export const recoveryPasskey = defineRoute({
  id: 'recovery.passkey',
  method: 'post',
  path: '/api/recovery/passkey',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Register the new passkey: every earlier one, every session and every grant ends.',
  body: CredentialJson,
  reply: RecoveryProgress,
  status: 201,
  problems: ['recovery.unknown', 'recovery.not-ready', 'ceremony.refused', 'ceremony.expired'],
});

export const cancelRecoveryByLink = defineRoute({
  id: 'recovery.cancel-by-link',
  method: 'post',
  path: '/api/recovery/cancel',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Cancel a recovery by the link of a notice, which can do nothing else.',
  body: z.object({ secret: z.string().min(20).max(100) }).strict(),
  reply: 'empty',
  status: 204,
  problems: ['recovery.touch-needed'],
});

export const ownRecovery = defineRoute({
  id: 'recovery.own',
  method: 'get',
  path: '/api/self/recovery',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'What the caller has laid by for a recovery, and one that is under way.',
  reply: OwnRecovery,
  status: 200,
  problems: [],
});

export const cancelOwnRecovery = defineRoute({
  id: 'recovery.cancel-own',
  method: 'post',
  path: '/api/self/recovery/cancel',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'Cancel, with one tap, the recovery of the caller’s own account.',
  reply: 'empty',
  status: 204,
  problems: ['recovery.touch-needed'],
});

export const chooseContacts = defineRoute({
  id: 'recovery.choose-contacts',
  method: 'post',
  path: '/api/self/recovery/contacts',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:prepare',
  resource: { type: 'Workforce' },
  summary: 'Choose the colleagues who may vouch for the caller, and how many of them are needed.',
  body: z
    .object({
      contacts: z.array(idOf('stf')).min(2).max(7),
      needed: z.number().int().min(2).max(7),
    })
    .strict(),
  reply: OwnRecovery,
  status: 200,
  problems: ['recovery.contacts-refused'],
});

export const sealRecoveryCode = defineRoute({
  id: 'recovery.seal-code',
  method: 'post',
  path: '/api/self/recovery/code',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:prepare',
  resource: { type: 'Workforce' },
  summary: 'Keep a slow hash of the code that the caller’s browser made. The one before is void.',
  body: z.object({ code: RecoveryCode }).strict(),
  reply: OwnRecovery,
  status: 200,
  problems: [],
});

/** What somebody who may vouch is shown before they sign. */
export const Vouching = CeremonyOptions.extend({
  recoveryId: idOf('rcv'),
  /** Whether a colleague or a customer stands before them. */
  realm: Realm,
  displayName: z.string(),
  /** Empty for a customer. */
  desk: z.string(),
  as: z.enum(['contact', 'officer']),
  startedAt: z.string(),
});
export type Vouching = z.infer<typeof Vouching>;

export const beginVouching = defineRoute({
  id: 'recovery.vouch-options',
  method: 'post',
  path: '/api/recoveries/vouch/options',
  realm: 'workforce',
  caller: 'staff',
  action: 'colleague:vouch',
  resource: { type: 'Workforce' },
  summary:
    'Find, by the code that a colleague or a customer says in person, what one is asked to sign for.',
  body: z.object({ matchingCode: z.string().regex(/^\d{8}$/) }).strict(),
  reply: Vouching,
  status: 200,
  problems: ['recovery.not-asked', 'request.too-many'],
});

export const vouchForColleague = defineRoute({
  id: 'recovery.vouch',
  method: 'post',
  path: '/api/recoveries/vouch',
  realm: 'workforce',
  caller: 'staff',
  action: 'colleague:vouch',
  resource: { type: 'Workforce' },
  summary: 'Sign, with the own passkey, for somebody whom one sees in person.',
  body: CredentialJson,
  reply: 'empty',
  status: 204,
  problems: ['recovery.not-asked', 'ceremony.refused', 'ceremony.expired'],
});
