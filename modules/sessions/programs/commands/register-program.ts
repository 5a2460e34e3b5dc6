import { newId, type Id } from '@proofline/kernel';
import {
  ProblemError,
  servicesMax,
  type Action,
  type RegisteredRole,
  type ServiceKeyInput,
  type ServiceProof,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { readKey } from '../domain/read-key.ts';
import { checkAudiences, checkScopes, scopesSince } from '../domain/terms.ts';
import { serviceRows, type ServiceRow } from '../store/service-rows.ts';
import { recordService, type ByColleague } from './acting.ts';

/** What a colleague says of a new service. */
export interface NewService extends ByColleague {
  readonly name: string;
  readonly purpose: string;
  readonly role: RegisteredRole;
  readonly proves: ServiceProof;
  readonly ownerId: Id<'stf'>;
  readonly scopes: readonly Action[];
  readonly audiences?: readonly string[] | undefined;
  readonly ratePerMinute: number;
  readonly key: ServiceKeyInput;
}

/** What tokens of a service can be for. */
export function knownAudiences(
  context: Pick<SessionsContext, 'staffOrigin' | 'resourceOrigins'>,
): readonly string[] {
  return [`${context.staffOrigin}/api`, ...context.resourceOrigins];
}

/** @throws ProblemError `service.terms`: nobody, or somebody who is not active */
export async function checkOwner(context: SessionsContext, ownerId: Id<'stf'>): Promise<void> {
  const owner = await context.peers().findStaff(ownerId);
  if (owner?.active !== true) {
    throw new ProblemError('service.terms', { detail: 'The owner must be an active colleague.' });
  }
}

/**
 * Registers a program with its public key; its private key is never seen here.
 *
 * @throws ProblemError `service.terms`, `service.key-invalid`, `service.key-taken`, `service.too-many`
 */
export async function registerProgram(
  context: SessionsContext,
  asked: NewService,
): Promise<Id<'svc'>> {
  const { by, decisionEvidenceId, name, ownerId, proves, purpose, ratePerMinute, role } = asked;
  const nowMs = context.clock.now();
  const [ourApi = ''] = knownAudiences(context);
  const audiences = [...new Set(asked.audiences ?? [ourApi])];
  checkScopes(role, asked.scopes);
  checkAudiences(knownAudiences(context), audiences);
  await checkOwner(context, ownerId);
  const key = await readKey(asked.key, nowMs);
  const rows = serviceRows(context.tenant);
  const serviceId = newId('svc', context);
  const at = new Date(nowMs);
  const evidenceId = await context.storage.transaction(async (tx) => {
    if ((await rows.list(tx)).length >= servicesMax) throw new ProblemError('service.too-many');
    const entry = await recordService(context, tx, {
      kind: 'service.registered',
      causes: [decisionEvidenceId],
      serviceId,
      by,
      facts: {
        name,
        role,
        proves,
        scopes: [...asked.scopes],
        audiences,
        ratePerMinute,
        kid: key.kid,
      },
    });
    const row: ServiceRow = {
      serviceId,
      name,
      purpose,
      role,
      proves,
      ownerId,
      scopes: scopesSince(asked.scopes, {}, nowMs),
      audiences,
      ratePerMinute,
      registeredBy: by,
      registeredAt: at,
      suspended: false,
      evidenceId: entry,
    };
    await rows.insert(tx, row);
    const added = { serviceId, addedBy: by, addedAt: at, evidenceId: entry };
    const { kid, jwk, endsAtMs: retireAfterMs } = key;
    if (!(await rows.insertKey(tx, { kid, jwk, retireAfterMs, notBeforeMs: nowMs, ...added })))
      throw new ProblemError('service.key-taken');
    return entry;
  });
  context.services.forget(serviceId);
  await context.ledger.durable(evidenceId);
  return serviceId;
}
