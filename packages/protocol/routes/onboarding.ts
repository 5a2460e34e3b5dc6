import { z } from 'zod';
import { limits } from '@proofline/kernel';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Role } from '../subjects.ts';
import { Total } from '../total.ts';
import { CredentialJson, CeremonyOptions } from './ceremonies.ts';

/** Where a new colleague's onboarding stands. */
export const OnboardingState = z.object({
  invitationId: idOf('inv'),
  state: z.enum(['opened', 'registered', 'confirmed']),
  displayName: z.string(),
  desk: z.string(),
  /** One of the first colleagues, whom nobody is there to confirm. */
  isFounding: z.boolean(),
  /** Six digits for the team lead to type; only on the new colleague's own screen. */
  confirmationCode: z.string().optional(),
  expiresAt: z.string(),
});
export type OnboardingState = z.infer<typeof OnboardingState>;

/** Where an invitation stands. `replaced`: a newer one of the same person took its place. */
export const InvitationState = z.enum([
  'sent',
  'opened',
  'registered',
  'confirmed',
  'replaced',
  'expired',
]);

/** An invitation as HR and leads see it: never the link again, never the code. */
export const Invitation = z.object({
  invitationId: idOf('inv'),
  /** Name and desk as it was issued; whoever is invited anew may have others by now. */
  displayName: z.string(),
  desk: z.string(),
  state: InvitationState,
  role: Role.optional(),
  invitedBy: z.string(),
  invitedAt: z.string(),
  expiresAt: z.string(),
});
export type Invitation = z.infer<typeof Invitation>;

/** Contacts on file. What is written here is never called back: it is only told. */
export const Channels = z
  .array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('email'), address: z.email().max(200) }).strict(),
      z.object({ kind: z.literal('sms'), address: z.string().regex(/^\+[0-9 ]{6,24}$/) }).strict(),
    ]),
  )
  .max(2)
  .refine((list) => new Set(list.map(({ kind }) => kind)).size === list.length, {
    error: 'one of each kind at most',
  });

export const inviteColleague = defineRoute({
  id: 'onboarding.invite',
  method: 'post',
  path: '/api/onboarding/invitations',
  realm: 'workforce',
  caller: 'staff',
  action: 'onboarding:invite',
  resource: { type: 'Workforce' },
  summary: 'Invite somebody who has never had an authenticator here. HR only.',
  body: z
    .object({
      displayName: z.string().trim().min(1).max(limits.nameMaxChars),
      desk: z.string().trim().min(1).max(60),
      employeeNumber: z.string().regex(/^[A-Z]{1,4}-?[0-9]{1,8}$/),
      /** Says that a desk where nobody works is meant, and is no slip of the pen. */
      newDesk: z.literal(true).optional(),
      /** Where they are told of every change of their passkeys: at most one of each kind. */
      channels: Channels.optional(),
    })
    .strict(),
  reply: z.object({
    invitation: Invitation,
    /** To hand over in person; the secret stands behind `#`, so that no server sees it in a URL. */
    link: z.string(),
  }),
  status: 201,
  problems: ['onboarding.not-new', 'onboarding.desk-unknown'],
});

export const listInvitations = defineRoute({
  id: 'onboarding.list',
  method: 'get',
  path: '/api/onboarding/invitations',
  realm: 'workforce',
  caller: 'staff',
  action: 'onboarding:list',
  resource: { type: 'Workforce' },
  summary: 'Invitations and where they stand; a lead sees those of their own desk.',
  query: z.object({
    state: InvitationState.optional(),
  }),
  reply: z.object({ invitations: z.array(Invitation), total: Total }),
  status: 200,
  problems: [],
});

export const confirmColleague = defineRoute({
  id: 'onboarding.confirm',
  method: 'post',
  path: '/api/onboarding/confirmations',
  realm: 'workforce',
  caller: 'staff',
  action: 'onboarding:confirm',
  resource: { type: 'Workforce' },
  summary: 'The team lead, in the same room, types the code from the new colleague’s screen.',
  body: z.object({ code: z.string().regex(/^\d{6}$/), role: Role }).strict(),
  reply: Invitation,
  status: 200,
  problems: ['onboarding.code-wrong', 'onboarding.not-yourself', 'request.too-many'],
});

export const openOnboarding = defineRoute({
  id: 'onboarding.open',
  method: 'post',
  path: '/api/onboarding/open',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Open an onboarding link; binds it to this device by a cookie.',
  body: z.object({ secret: z.string().min(20).max(100) }).strict(),
  reply: OnboardingState,
  status: 200,
  problems: ['onboarding.link-dead', 'request.too-many'],
});

export const onboardingState = defineRoute({
  id: 'onboarding.state',
  method: 'get',
  path: '/api/onboarding/state',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Where the onboarding that this device opened stands.',
  reply: OnboardingState,
  status: 200,
  problems: ['onboarding.link-dead'],
});

export const onboardingOptions = defineRoute({
  id: 'onboarding.options',
  method: 'post',
  path: '/api/onboarding/passkey/options',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Options for registering the new colleague’s first passkey.',
  reply: CeremonyOptions,
  status: 200,
  problems: ['onboarding.link-dead'],
});

export const onboardingPasskey = defineRoute({
  id: 'onboarding.passkey',
  method: 'post',
  path: '/api/onboarding/passkey',
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Register the new colleague’s first passkey. The account has no role yet.',
  body: CredentialJson,
  reply: OnboardingState,
  status: 201,
  problems: ['onboarding.link-dead', 'ceremony.refused', 'ceremony.expired'],
});
