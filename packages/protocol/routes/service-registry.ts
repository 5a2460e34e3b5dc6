import { z } from 'zod';
import { Action, type Action as ActionName } from '../actions.ts';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { ServiceRole, type ServiceRole as ServiceRoleName } from '../subjects.ts';

/** How many services may be registered at a time. */
export const servicesMax = 200;
/** How many keys of a service may be good at a time: the one in use, and the next. */
export const serviceKeysMax = 2;
/** How long the key before is good for after another was added, unless it is retired sooner. */
export const serviceKeyOverlapDays = 7;
/** A scope that was not used for so long is proposed to be taken away. */
export const unusedScopeDays = 30;

/** The kinds of programs that are registered here; directories are connected by themselves. */
export const registeredRoles = [
  'telephony',
  'gateway',
  'account-opening',
  'pipeline',
  'assistant',
] as const;
/** One of {@link registeredRoles}. */
export type RegisteredRole = (typeof registeredRoles)[number];

/**
 * How a program proves each request: by a DPoP proof (RFC 9449) of a key that its tokens are bound to, by
 * signing the request itself with its registered key (RFC 9421), with or without a token, or by the
 * certificate of its connection (RFC 8705): the one that is registered, byte by byte, or whichever an authority
 * of the settings has issued to the names that are registered.
 */
export const serviceProofs = ['dpop', 'signature', 'certificate', 'named-certificate'] as const;
/** One of {@link serviceProofs}. */
export const ServiceProof = z.enum(serviceProofs);
/** One of {@link serviceProofs}. */
export type ServiceProof = z.infer<typeof ServiceProof>;

/** What a program of each kind is there for. A service has some of these scopes; policy decides each act. */
export const scopesOfRole = {
  telephony: ['interaction:start', 'interaction:end'],
  gateway: [
    'decision:evaluate',
    'decision:search',
    'result:report',
    'access-request:submit',
    'access-request:read',
    'access-request:cancel',
  ],
  'account-opening': ['enrolment:invite'],
  pipeline: ['policy:propose', 'policy:rehearse', 'policy:read'],
  assistant: [
    'grant:issue',
    'account:read',
    'invoice:read',
    'usage:read',
    'order:read',
    'ticket:read',
  ],
  provisioning: ['provisioning:read', 'provisioning:change', 'provisioning:give-role'],
} as const satisfies Record<ServiceRoleName, readonly ActionName[]>;

/** One scope of a service, and when it was used last. */
export const ServiceScope = z.object({
  action: Action,
  /** Reads as «It may …». */
  label: z.string(),
  lastUsedAt: z.string().optional(),
  /** It was not used for thirty days, as long as it was there: it can be taken away. */
  unused: z.boolean(),
});
/** One scope of a service. */
export type ServiceScope = z.infer<typeof ServiceScope>;

/** A key of a service: its public half. The private one never leaves its owner. */
export const ServiceKey = z.object({
  /**
   * RFC 7638 thumbprint of the public key; SHA-256 of the certificate where the program proves itself by it
   * (`x5t#S256`), and of its names where these count; for a key of the configuration, the name that it has there.
   */
  kid: z.string(),
  algorithm: z.enum(['ES256', 'EdDSA']).optional(),
  /** In its place, of a program that an authority’s certificates name: all of the names. */
  names: z.string().optional(),
  state: z.enum(['waiting', 'live', 'retired']),
  addedAt: z.string().optional(),
  notBefore: z.string().optional(),
  retireAfter: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
/** A key of a service. */
export type ServiceKey = z.infer<typeof ServiceKey>;

/** A program with a key of its own. */
export const ServiceRecord = z.object({
  serviceId: idOf('svc'),
  name: z.string(),
  purpose: z.string().optional(),
  role: ServiceRole,
  /** `configured`: by the operator’s own settings, and not changed here. */
  origin: z.enum(['registered', 'configured']),
  state: z.enum(['active', 'suspended', 'without-key']),
  /** Chosen at registration, and no other way is taken from it. */
  proves: ServiceProof,
  owner: z
    .object({ subjectId: idOf('stf'), displayName: z.string(), active: z.boolean() })
    .optional(),
  audiences: z.array(z.string()),
  /** APIs that it is itself: a grant for one of them it may exchange, and act for whoever called it. */
  serves: z.array(z.string()),
  scopes: z.array(ServiceScope),
  ratePerMinute: z.number().int().optional(),
  registeredAt: z.string().optional(),
  lastUsedAt: z.string().optional(),
  keys: z.array(ServiceKey),
});
/** A program with a key of its own. */
export type ServiceRecord = z.infer<typeof ServiceRecord>;

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'is no coordinate of a 256-bit curve');

/** A public key as JWK (RFC 7517): P-256 or Ed25519. */
export const ServicePublicJwk = z.looseObject({
  kty: z.enum(['EC', 'OKP']),
  crv: z.enum(['P-256', 'Ed25519']),
  x: coordinate,
  y: coordinate.optional(),
});
/** A public key as JWK. */
export type ServicePublicJwk = z.infer<typeof ServicePublicJwk>;

/** A public key, or a certificate whose key it is and with whose end it ends. */
export const ServiceKeyInput = z.union([
  z.object({ jwk: ServicePublicJwk }).strict(),
  z.object({ certificate: z.string().min(100).max(8_000) }).strict(),
]);
/** A public key, or a certificate. */
export type ServiceKeyInput = z.infer<typeof ServiceKeyInput>;

const base = {
  realm: 'workforce',
  caller: 'staff',
  resource: { type: 'Services' },
} as const;
const one = z.object({ serviceId: idOf('svc') });
const keyOfOne = one.extend({ kid: z.string().regex(/^[A-Za-z0-9_-]{43}$/) });
const scopes = z.array(Action).min(1).max(20);
const audiences = z.array(z.string().min(8).max(200)).min(1).max(10);
const serves = z.array(z.string().min(8).max(200)).max(10);
const ratePerMinute = z.number().int().min(1).max(1_000_000);

export const listServices = defineRoute({
  ...base,
  id: 'services.list',
  method: 'get',
  path: '/api/services',
  action: 'service:list',
  summary: 'Every program with a key of its own: owner, scopes, last use; those to look at first.',
  reply: z.object({
    services: z.array(ServiceRecord),
    /** What tokens of a service may be for: our API, and APIs that enforce by themselves. */
    audiences: z.array(z.string()),
    /** Where an assistant can be called: APIs that enforce by themselves. */
    servable: z.array(z.string()),
  }),
  status: 200,
  problems: [],
});

export const registerService = defineRoute({
  ...base,
  id: 'services.register',
  method: 'post',
  // An address of its own: a token of the command line is for one (`sessions/domain/single-act.ts`).
  path: '/api/services/registration',
  action: 'service:register',
  summary: 'Register a program with its public key.',
  body: z
    .object({
      name: z.string().trim().min(1).max(60),
      purpose: z.string().trim().min(1).max(200),
      role: z.enum(registeredRoles),
      ownerId: idOf('stf'),
      scopes,
      audiences: audiences.optional(),
      serves: serves.optional(),
      ratePerMinute,
      proves: ServiceProof.default('dpop'),
      key: ServiceKeyInput,
    })
    .strict(),
  reply: ServiceRecord,
  status: 201,
  problems: [
    'service.too-many',
    'service.key-invalid',
    'service.key-taken',
    'service.terms',
    'evidence.unavailable',
  ],
});

export const widenService = defineRoute({
  ...base,
  id: 'services.widen',
  method: 'post',
  path: '/api/services/{serviceId}/terms',
  action: 'service:widen',
  params: one,
  summary: 'Give a service other scopes, audiences, another rate or another owner.',
  body: z
    .object({
      scopes: scopes.optional(),
      audiences: audiences.optional(),
      serves: serves.optional(),
      ratePerMinute: ratePerMinute.optional(),
      ownerId: idOf('stf').optional(),
    })
    .strict(),
  reply: ServiceRecord,
  status: 200,
  problems: ['service.unknown', 'service.terms', 'evidence.unavailable'],
});

export const narrowService = defineRoute({
  ...base,
  id: 'services.narrow',
  method: 'post',
  path: '/api/services/{serviceId}/narrow',
  action: 'service:narrow',
  params: one,
  summary: 'Take scopes from a service, or lower its rate. It acts at once.',
  body: z
    .object({ without: z.array(Action).max(20), ratePerMinute: ratePerMinute.optional() })
    .strict(),
  reply: ServiceRecord,
  status: 200,
  problems: ['service.unknown', 'service.terms', 'evidence.unavailable'],
});

export const addServiceKey = defineRoute({
  ...base,
  id: 'services.add-key',
  method: 'post',
  path: '/api/services/{serviceId}/keys',
  action: 'service:widen',
  params: one,
  summary: 'Add the next key of a service; the one before is good for a week longer.',
  body: z.object({ key: ServiceKeyInput }).strict(),
  reply: ServiceRecord,
  status: 201,
  problems: [
    'service.unknown',
    'service.key-invalid',
    'service.key-taken',
    'service.two-keys',
    'evidence.unavailable',
  ],
});

export const retireServiceKey = defineRoute({
  ...base,
  id: 'services.retire-key',
  method: 'post',
  path: '/api/services/{serviceId}/keys/{kid}/retire',
  action: 'service:retire-key',
  params: keyOfOne,
  summary: 'Retire a key of a service, and every token that it was used for, at once.',
  reply: ServiceRecord,
  status: 200,
  problems: ['service.unknown', 'evidence.unavailable'],
});

export const suspendService = defineRoute({
  ...base,
  id: 'services.suspend',
  method: 'post',
  path: '/api/services/{serviceId}/suspend',
  action: 'service:narrow',
  params: one,
  summary:
    'Suspend a service: neither its keys nor its tokens are worth anything until it is resumed.',
  reply: ServiceRecord,
  status: 200,
  problems: ['service.unknown', 'evidence.unavailable'],
});

export const resumeService = defineRoute({
  ...base,
  id: 'services.resume',
  method: 'post',
  path: '/api/services/{serviceId}/resume',
  action: 'service:widen',
  params: one,
  summary: 'Let a suspended service go on.',
  reply: ServiceRecord,
  status: 200,
  problems: ['service.unknown', 'evidence.unavailable'],
});

export const removeService = defineRoute({
  ...base,
  id: 'services.remove',
  method: 'post',
  path: '/api/services/{serviceId}/remove',
  action: 'service:remove',
  params: one,
  summary: 'Remove a service for good. Its keys are never taken again.',
  reply: 'empty',
  status: 204,
  problems: ['service.unknown', 'evidence.unavailable'],
});
