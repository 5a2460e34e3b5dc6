import {
  actions,
  ProblemError,
  scopesOfRole,
  unusedScopeDays,
  type Action,
  type ServiceKey,
  type ServiceRecord,
  type ServiceScope,
} from '@proofline/protocol';
import { isId, type Id } from '@proofline/kernel';
import type { ServiceClient, SessionsContext } from '../context.ts';
import { isKeyGood } from './domain/known-program.ts';
import { noUse, type Use } from './domain/use.ts';
import { serviceRows, type KeyRow, type ServiceRow } from './store/service-rows.ts';

const UNUSED_MS = unusedScopeDays * 24 * 60 * 60 * 1000;

/** Every program: first those that nobody answers for, then those of the configuration last. */
export async function listPrograms(context: SessionsContext): Promise<ServiceRecord[]> {
  const usage = await context.services.usage();
  const rows = await serviceRows(context.tenant).list(context.storage.db);
  const registered = await Promise.all(
    rows.map((row) => describe(context, row, usage.get(row.serviceId) ?? noUse)),
  );
  const configured = context.serviceClients.flatMap((client) =>
    isId('svc', client.clientId)
      ? [configuredService(context, client, usage.get(client.clientId) ?? noUse)]
      : [],
  );
  const isOrphan = (one: ServiceRecord) => Number(one.owner?.active === false);
  return [...registered.toSorted((a, b) => isOrphan(b) - isOrphan(a)), ...configured];
}

/** One registered service. @throws ProblemError `service.unknown` */
export async function describeProgram(
  context: SessionsContext,
  serviceId: Id<'svc'>,
): Promise<ServiceRecord> {
  const row = await serviceRows(context.tenant).find(context.storage.db, serviceId);
  if (!row) throw new ProblemError('service.unknown');
  const usage = await context.services.usage();
  return describe(context, row, usage.get(serviceId) ?? noUse);
}

const timeOf = (ms: number) => new Date(ms).toISOString();
const lastUsed = (ms: number | undefined) =>
  ms === undefined || ms === 0 ? {} : { lastUsedAt: timeOf(ms) };

function describeScope(
  action: Action,
  at: { readonly since: number; readonly used: number | undefined; readonly now: number },
): ServiceScope {
  const unused = at.now - Math.max(at.since, at.used ?? 0) >= UNUSED_MS;
  return { action, label: actions[action].label, ...lastUsed(at.used), unused };
}

async function describe(
  context: SessionsContext,
  row: ServiceRow,
  use: Use,
): Promise<ServiceRecord> {
  const nowMs = context.clock.now();
  const keys = await serviceRows(context.tenant).keysOf(context.storage.db, row.serviceId);
  const owner = await context.peers().findStaff(row.ownerId);
  const isGood = keys.some((key) => isKeyGood(key, nowMs));
  return {
    serviceId: row.serviceId,
    name: row.name,
    purpose: row.purpose,
    role: row.role,
    origin: 'registered',
    proves: row.proves,
    state: row.suspended ? 'suspended' : isGood ? 'active' : 'without-key',
    owner: {
      subjectId: row.ownerId,
      displayName: owner?.displayName ?? 'Somebody who is not known here',
      active: owner?.active === true,
    },
    audiences: [...row.audiences],
    serves: [...row.serves],
    scopes: Object.entries(row.scopes).map(([action, since]) =>
      // Only actions of the contract were let in.
      describeScope(action as Action, { since, used: use.scopes[action], now: nowMs }),
    ),
    ratePerMinute: row.ratePerMinute,
    registeredAt: row.registeredAt.toISOString(),
    ...lastUsed(use.atMs),
    keys: keys.map((key) => describeKey(key, use, nowMs)),
  };
}

function describeKey(key: KeyRow, use: Use, nowMs: number): ServiceKey {
  const isRetired = key.retireAfterMs !== undefined && key.retireAfterMs <= nowMs;
  return {
    kid: key.kid,
    ...whatItIs(key),
    state: isRetired ? 'retired' : key.notBeforeMs > nowMs ? 'waiting' : 'live',
    addedAt: key.addedAt.toISOString(),
    notBefore: timeOf(key.notBeforeMs),
    ...(key.retireAfterMs === undefined ? {} : { retireAfter: timeOf(key.retireAfterMs) }),
    ...lastUsed(use.keys[key.kid]),
  };
}

function whatItIs({ jwk }: KeyRow): Pick<ServiceKey, 'algorithm' | 'names'> {
  if (jwk.names !== undefined) return { names: jwk.names };
  return { algorithm: jwk.kty === 'OKP' ? 'EdDSA' : 'ES256' };
}

/** A program of the operator's settings: its role, its key, and what a program of its kind is for. */
function configuredService(
  context: SessionsContext,
  { clientId, publicJwk, role }: ServiceClient,
  use: Use,
): ServiceRecord {
  const usual: readonly Action[] = scopesOfRole[role];
  return {
    // The caller looked at its form.
    serviceId: clientId as Id<'svc'>,
    name: role,
    role,
    origin: 'configured',
    proves: 'dpop',
    state: 'active',
    audiences: [`${context.staffOrigin}/api`],
    serves: [],
    scopes: usual.map((action) => ({
      action,
      label: actions[action].label,
      ...lastUsed(use.scopes[action]),
      unused: false,
    })),
    ...lastUsed(use.atMs),
    keys: [
      {
        kid: publicJwk.kid ?? 'unnamed',
        algorithm: publicJwk.kty === 'OKP' ? 'EdDSA' : 'ES256',
        state: 'live',
        ...lastUsed(use.atMs),
      },
    ],
  };
}
