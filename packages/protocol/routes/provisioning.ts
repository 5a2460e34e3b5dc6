import { z } from 'zod';
import { idOf } from '../ids.ts';
import { defineRoute } from '../route.ts';
import { problemCodes } from '../problems.ts';

/** How long a token of a connection is good for at most. */
export const provisioningDaysMax = 90;
/** How long the token before is good for after another was made. */
export const provisioningOverlapHours = 24;

/** A token as the screen shows it: never the token. */
export const ProvisioningToken = z.object({
  issuedAt: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().optional(),
});

/** A directory’s connection. */
export const ProvisioningConnection = z.object({
  serviceId: idOf('svc'),
  name: z.string(),
  /** A program with a key of its own, known from the configuration: it has no tokens here. */
  hasOwnKey: z.boolean(),
  connectedBy: z.string().optional(),
  connectedAt: z.string().optional(),
  state: z.enum(['standing', 'expired', 'ended']),
  lastUsedAt: z.string().optional(),
  /** Those that are still good, newest first. */
  tokens: z.array(ProvisioningToken),
});
/** A directory’s connection. */
export type ProvisioningConnection = z.infer<typeof ProvisioningConnection>;

/** What a directory changed, or was refused. */
export const ProvisioningEvent = z.object({
  eventId: idOf('evt'),
  at: z.string(),
  /** The connection’s name. */
  connection: z.string(),
  /** In words. */
  what: z.string(),
  /** Who or what it is about, by name. */
  about: z.string().optional(),
  refused: z.object({ code: z.enum(problemCodes), text: z.string() }).optional(),
});
/** What a directory changed, or was refused. */
export type ProvisioningEvent = z.infer<typeof ProvisioningEvent>;

/** A token that was just made: shown once, kept nowhere. */
export const IssuedProvisioningToken = z.object({
  connection: ProvisioningConnection,
  provisioningToken: z.string(),
  expiresAt: z.string(),
});
/** A token that was just made. */
export type IssuedProvisioningToken = z.infer<typeof IssuedProvisioningToken>;

const base = {
  realm: 'workforce',
  caller: 'staff',
  resource: { type: 'Provisioning' },
} as const;
const one = z.object({ serviceId: idOf('svc') });
const days = z.number().int().min(1).max(provisioningDaysMax);

export const readProvisioning = defineRoute({
  ...base,
  id: 'provisioning.read',
  method: 'get',
  path: '/api/provisioning',
  action: 'provisioning:oversee',
  summary: 'Connections of directories, and what they changed or were refused lately.',
  reply: z.object({
    /** What a directory is given as the address. */
    address: z.string(),
    people: z.object({ here: z.number().int(), left: z.number().int() }),
    connections: z.array(ProvisioningConnection),
    events: z.array(ProvisioningEvent),
  }),
  status: 200,
  problems: [],
});

export const connectDirectory = defineRoute({
  ...base,
  id: 'provisioning.connect',
  method: 'post',
  path: '/api/provisioning/connections',
  action: 'provisioning:connect',
  summary: 'Connect a directory: a token for SCIM alone, shown once.',
  body: z.object({ name: z.string().trim().min(1).max(60), days }).strict(),
  reply: IssuedProvisioningToken,
  status: 201,
  problems: ['provisioning.too-many', 'evidence.unavailable'],
});

export const renewProvisioningToken = defineRoute({
  ...base,
  id: 'provisioning.renew',
  method: 'post',
  path: '/api/provisioning/connections/{serviceId}/tokens',
  action: 'provisioning:connect',
  params: one,
  summary: 'Another token for a connection; the one before is good for a day longer.',
  body: z.object({ days }).strict(),
  reply: IssuedProvisioningToken,
  status: 201,
  problems: ['provisioning.unknown', 'evidence.unavailable'],
});

export const disconnectDirectory = defineRoute({
  ...base,
  id: 'provisioning.disconnect',
  method: 'post',
  path: '/api/provisioning/connections/{serviceId}/end',
  action: 'provisioning:disconnect',
  params: one,
  summary: 'End a connection and every token of it, at once.',
  reply: ProvisioningConnection,
  status: 200,
  problems: ['provisioning.unknown', 'evidence.unavailable'],
});
