import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Acr } from '../subjects.ts';
import { CeremonyOptions, CredentialJson } from './ceremonies.ts';

/** How a passkey is called by whoever has it. Plain text, a line. */
export const PasskeyLabel = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .regex(/^[^\p{C}]*$/u);

/**
 * A change of one's own passkeys, as it is asked for. It names no person: it is always the caller's.
 * What is asked for here is what the passkey signs, so that the proof is worth nothing elsewhere.
 */
export const OwnAct = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('add'), label: PasskeyLabel }).strict(),
  z
    .object({ kind: z.literal('rename'), authenticatorId: idOf('ath'), label: PasskeyLabel })
    .strict(),
  z.object({ kind: z.literal('remove'), authenticatorId: idOf('ath') }).strict(),
]);
/** One of {@link OwnAct}, once it was read. */
export type OwnAct = z.output<typeof OwnAct>;

/** A passkey, to whom it belongs. */
export const OwnAuthenticator = z.object({
  authenticatorId: idOf('ath'),
  label: z.string(),
  kind: z.enum(['device-bound', 'synced']),
  /** The model’s name, else its AAGUID, where its maker has attested it. */
  model: z.string().optional(),
  /** What it counted as when it was last used; at first, when it was registered. */
  acr: Acr,
  /** It counts as no more than this, because a passkey of this level vouched for it. */
  atMost: Acr.optional(),
  registeredAt: z.string(),
  lastUsedAt: z.string().optional(),
  /** For the WebAuthn signal API (Level 3 §5.1.10): what the device files it under. */
  credentialId: z.string(),
  userHandle: z.string(),
  /** Whether it may be removed now; else why not. */
  refusal: z.enum(['authenticator.last', 'authenticator.too-few']).optional(),
});
/** The same, once it was read. */
export type OwnAuthenticator = z.output<typeof OwnAuthenticator>;

/** Something that happened to somebody's passkeys, as they are told of it. */
export const AuthenticatorEvent = z.object({
  evidenceId: idOf('evt'),
  at: z.string(),
  kind: z.enum(['registered', 'added', 'renamed', 'removed', 'level-changed', 'refused']),
  /** The passkey's name at that time, where it was about one. */
  label: z.string().optional(),
  /** `level-changed`: what it counts as since. */
  acr: Acr.optional(),
  /** `refused`: what was tried. */
  tried: z.enum(['sign-in', 'add', 'rename', 'remove']).optional(),
});
/** The same, once it was read. */
export type AuthenticatorEvent = z.output<typeof AuthenticatorEvent>;

/** One's own passkeys, what became of them, and where one is told. */
export const OwnAuthenticators = z.object({
  authenticators: z.array(OwnAuthenticator),
  /** Newest first, at most 100. */
  history: z.array(AuthenticatorEvent),
  /** Where every change is told; masked, because a stolen session would read it too. */
  channels: z.array(z.object({ kind: z.enum(['sms', 'email']), masked: z.string() })),
  /** Removed for good: the device may forget them (WebAuthn Level 3 §5.1.10.2). */
  gone: z.array(z.string()),
  rpId: z.string(),
  displayName: z.string(),
  /** So many at most, and so many at least. */
  most: z.number().int(),
  least: z.number().int(),
});
/** The same, once it was read. */
export type OwnAuthenticators = z.output<typeof OwnAuthenticators>;

export const readOwnAuthenticators = defineRoute({
  id: 'self.passkeys',
  method: 'get',
  path: '/api/self/passkeys',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  resource: { type: 'Workforce' },
  summary: 'The caller’s own passkeys, what became of them, and where changes are told.',
  reply: OwnAuthenticators,
  status: 200,
  problems: [],
});

const actProblems = [
  'authenticator.unknown',
  'authenticator.last',
  'authenticator.too-few',
  'authenticator.too-many',
] as const;

export const beginOwnAct = defineRoute({
  id: 'self.passkeys.begin',
  method: 'post',
  path: '/api/self/passkeys/acts',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:manage',
  resource: { type: 'Workforce' },
  summary:
    'Begin a change of one’s own passkeys. Answers options for an assertion whose challenge is the ' +
    'SHA-256 of that very change; it is good for this session, once, for five minutes.',
  body: z.object({ act: OwnAct }).strict(),
  reply: CeremonyOptions,
  status: 200,
  problems: actProblems,
});

/** A change was made, or a new passkey may now be registered. */
export const OwnActDone = z.object({
  /** Only after the proof of an `add`: options for registering the new one. */
  registration: CeremonyOptions.optional(),
});

export const proveOwnAct = defineRoute({
  id: 'self.passkeys.prove',
  method: 'post',
  path: '/api/self/passkeys/proof',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:manage',
  resource: { type: 'Workforce' },
  summary:
    'Prove the change that was begun, with a passkey that one has. Renaming and removing happen now.',
  body: CredentialJson,
  reply: OwnActDone,
  status: 200,
  problems: [...actProblems, 'ceremony.refused', 'ceremony.expired', 'evidence.unavailable'],
});

const registrationProblems = [
  'authenticator.known',
  'authenticator.too-many',
  'ceremony.refused',
  'ceremony.expired',
  'evidence.unavailable',
] as const;

export const registerOwnAuthenticator = defineRoute({
  id: 'self.passkeys.register',
  method: 'post',
  path: '/api/self/passkeys/registration',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:manage',
  resource: { type: 'Workforce' },
  summary: 'Register the new passkey for which one of one’s own has just vouched.',
  body: CredentialJson,
  reply: 'empty',
  status: 201,
  problems: registrationProblems,
});

export const readCustomerAuthenticators = defineRoute({
  id: 'customer.passkeys',
  method: 'get',
  path: '/api/customer/passkeys',
  realm: 'customers',
  caller: 'customer',
  summary: 'The customer’s own passkeys, what became of them, and where changes are told.',
  reply: OwnAuthenticators,
  status: 200,
  problems: [],
});

export const beginCustomerAct = defineRoute({
  id: 'customer.passkeys.begin',
  method: 'post',
  path: '/api/customer/passkeys/acts',
  realm: 'customers',
  caller: 'customer',
  summary: 'Begin a change of one’s own passkeys: as `self.passkeys.begin`, for a customer.',
  body: z.object({ act: OwnAct }).strict(),
  reply: CeremonyOptions,
  status: 200,
  problems: actProblems,
});

export const proveCustomerAct = defineRoute({
  id: 'customer.passkeys.prove',
  method: 'post',
  path: '/api/customer/passkeys/proof',
  realm: 'customers',
  caller: 'customer',
  summary: 'Prove the change that was begun, with a passkey that one has.',
  body: CredentialJson,
  reply: OwnActDone,
  status: 200,
  problems: [...actProblems, 'ceremony.refused', 'ceremony.expired', 'evidence.unavailable'],
});

export const registerCustomerAuthenticator = defineRoute({
  id: 'customer.passkeys.register',
  method: 'post',
  path: '/api/customer/passkeys/registration',
  realm: 'customers',
  caller: 'customer',
  summary: 'Register the new passkey for which one of one’s own has just vouched.',
  body: CredentialJson,
  reply: 'empty',
  status: 201,
  problems: registrationProblems,
});
