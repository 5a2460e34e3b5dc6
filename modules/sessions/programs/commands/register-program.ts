import { newId, type Id } from '@proofline/kernel';
import {
  ProblemError,
  servicesMax,
  type Action,
  type RegisteredRole,
  type ServiceKeyInput,
  type ServiceProof,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { readKey, type ReadKey } from '../domain/read-key.ts';
import {
  checkAudiences,
  checkProof,
  checkScopes,
  checkServes,
  scopesSince,
} from '../domain/terms.ts';
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
  readonly serves?: readonly string[] | undefined;
  readonly ratePerMinute: number;
  readonly key: ServiceKeyInput;
}

/** What tokens of a service can be for. */
export function knownAudiences(
  context: Pick<SessionsContext, 'gatewayOrigin' | 'staffOrigin' | 'resourceOrigins'>,
): readonly string[] {
  return [`${context.staffOrigin}/api`, context.gatewayOrigin, ...context.resourceOrigins];
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
  const at = new Date(context.clock.now());
  await checkOwner(context, asked.ownerId);
  const program = await readProgram(context, { ...asked, at });
  const evidenceId = await context.storage.transaction((tx) =>
    insertProgram(context, tx, { ...program, by: asked.by, causes: [asked.decisionEvidenceId] }),
  );
  context.services.forget(program.serviceId);
  await context.ledger.durable(evidenceId);
  return program.serviceId;
}

/** A program that is fit to be registered. */
export interface FitProgram {
  readonly serviceId: Id<'svc'>;
  readonly terms: Omit<NewService, keyof ByColleague | 'key' | 'audiences' | 'serves'>;
  readonly audiences: readonly string[];
  readonly serves: readonly string[];
  readonly key: ReadKey;
  readonly at: Date;
}

/** @throws ProblemError `service.terms`, `service.key-invalid` */
export async function readProgram(
  context: SessionsContext,
  asked: Omit<NewService, keyof ByColleague> & { readonly at: Date },
): Promise<FitProgram> {
  const { at, audiences: named, key, serves = [], ...terms } = asked;
  const known = knownAudiences(context);
  const [ourApi = ''] = known;
  const audiences = [...new Set(named ?? [ourApi])];
  checkScopes(terms.role, terms.scopes);
  checkAudiences(known, audiences);
  checkServes(context.resourceOrigins, terms.role, serves);
  checkProof(terms.proves, {
    takesCertificates: context.mtls !== undefined,
    believesAuthorities: (context.mtls?.authorities.length ?? 0) > 0,
    serves,
  });
  const read = await readKey(key, context.clock.now(), terms.proves);
  const serviceId = newId('svc', context);
  return { serviceId, terms, audiences, serves: [...new Set(serves)], key: read, at };
}

/** @throws ProblemError `service.key-taken`, `service.too-many` */
export async function insertProgram(
  context: SessionsContext,
  tx: Db,
  program: FitProgram & {
    readonly by: Id<'stf'> | 'operator';
    readonly causes: readonly Id<'evt'>[];
  },
): Promise<Id<'evt'>> {
  const { at, audiences, by, causes, serves, serviceId, terms } = program;
  const { name, ownerId, proves, purpose, ratePerMinute, role } = terms;
  const rows = serviceRows(context.tenant);
  if ((await rows.list(tx)).length >= servicesMax) throw new ProblemError('service.too-many');
  const { kid, jwk, endsAtMs: retireAfterMs } = program.key;
  const evidenceId = await recordService(context, tx, {
    kind: 'service.registered',
    causes,
    serviceId,
    by,
    facts: {
      name,
      role,
      proves,
      scopes: [...terms.scopes],
      audiences: [...audiences],
      ...(serves.length > 0 && { serves: [...serves] }),
      ratePerMinute,
      kid,
    },
  });
  const row: ServiceRow = {
    serviceId,
    name,
    purpose,
    role,
    proves,
    ownerId,
    scopes: scopesSince(terms.scopes, {}, at.getTime()),
    audiences,
    serves,
    ratePerMinute,
    registeredBy: by,
    registeredAt: at,
    suspended: false,
    evidenceId,
  };
  await rows.insert(tx, row);
  const added = { serviceId, addedBy: by, addedAt: at, evidenceId };
  const isNew = await rows.insertKey(tx, {
    kid,
    jwk,
    retireAfterMs,
    notBeforeMs: at.getTime(),
    ...added,
  });
  if (!isNew) throw new ProblemError('service.key-taken');
  return evidenceId;
}
