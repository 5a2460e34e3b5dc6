import { z } from 'zod';
import { ApplicationDraft, ApplicationPolicy, ApplicationSettings } from '../applications.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { Realm } from '../subjects.ts';

/** A tool that lets colleagues, or customers, sign in here (a relying party). */
export const Application = z.object({
  applicationId: idOf('app'),
  name: z.string(),
  /** Who signs in to it. */
  realm: Realm,
  policy: ApplicationPolicy,
  settings: ApplicationSettings,
  state: z.enum(['standing', 'suspended']),
  /** Counts its changes; whoever changes it says which one they saw. */
  version: z.number().int(),
  registeredBy: z.string(),
  registeredAt: z.string(),
  changedAt: z.string(),
  suspendedAt: z.string().optional(),
  /** When somebody last signed in to it, to the minute. */
  lastUsedAt: z.string().optional(),
});
/** A tool that lets colleagues, or customers, sign in here. */
export type Application = z.infer<typeof Application>;

const base = {
  realm: 'workforce',
  caller: 'staff',
  resource: { type: 'Applications' },
} as const;
const one = z.object({ applicationId: idOf('app') });

export const listApplications = defineRoute({
  ...base,
  id: 'applications.list',
  method: 'get',
  path: '/api/applications',
  action: 'application:list',
  summary: 'Every application that is registered, those lately used first.',
  reply: z.object({
    /** What each of them is configured with. */
    issuer: z.string(),
    /** The same for those of customers. */
    customersIssuer: z.string(),
    /** Where our SAML metadata is; absent where the server has no key for SAML. */
    samlMetadata: z.string().optional(),
    /** Where those call that prove themselves by a certificate; absent where none is taken. */
    mtlsOrigin: z.string().optional(),
    applications: z.array(Application),
  }),
  status: 200,
  problems: [],
});

export const registerApplication = defineRoute({
  ...base,
  id: 'applications.register',
  method: 'post',
  path: '/api/applications',
  action: 'application:register',
  summary: 'Register an application; its id is its client id.',
  body: ApplicationDraft,
  reply: Application,
  status: 201,
  problems: [
    'application.unusable',
    'application.taken',
    'application.too-many',
    'evidence.unavailable',
  ],
});

export const changeApplication = defineRoute({
  ...base,
  id: 'applications.change',
  method: 'post',
  path: '/api/applications/{applicationId}/registration',
  action: 'application:change',
  params: one,
  summary: 'Change what is registered of an application; effective at its next request.',
  body: ApplicationDraft.extend({ version: z.number().int().min(1) }),
  reply: Application,
  status: 200,
  problems: [
    'application.unknown',
    'application.unusable',
    'application.taken',
    'application.stale',
    'evidence.unavailable',
  ],
});

export const suspendApplication = defineRoute({
  ...base,
  id: 'applications.suspend',
  method: 'post',
  path: '/api/applications/{applicationId}/suspension',
  action: 'application:suspend',
  params: one,
  summary: 'Refuse an application everywhere, at once, until it is resumed.',
  reply: Application,
  status: 200,
  problems: ['application.unknown', 'evidence.unavailable'],
});

export const resumeApplication = defineRoute({
  ...base,
  id: 'applications.resume',
  method: 'post',
  path: '/api/applications/{applicationId}/resumption',
  action: 'application:change',
  params: one,
  summary: 'Let a suspended application be used again.',
  reply: Application,
  status: 200,
  problems: ['application.unknown', 'evidence.unavailable'],
});

export const removeApplication = defineRoute({
  ...base,
  id: 'applications.remove',
  method: 'post',
  path: '/api/applications/{applicationId}/removal',
  action: 'application:remove',
  params: one,
  summary: 'Remove an application for good; its id is never given again.',
  reply: 'empty',
  status: 204,
  problems: ['application.unknown', 'evidence.unavailable'],
});
