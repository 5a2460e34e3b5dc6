import type { Id } from '@proofline/kernel';
import type { RegisteredRole, ServiceProof } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { KeptJwk, KnownKey } from '../domain/known-program.ts';
import { serviceTables, type ServiceKeyTable, type ServiceTable } from './tables.ts';

/** What a service may, and who answers for it. */
export interface Terms {
  readonly ownerId: Id<'stf'>;
  /** Action → since when it is held. */
  readonly scopes: Readonly<Record<string, number>>;
  readonly audiences: readonly string[];
  /** APIs that it is itself: what it was called with there it may exchange. */
  readonly serves: readonly string[];
  readonly ratePerMinute: number;
}

/** A registered service. */
export interface ServiceRow extends Terms {
  readonly serviceId: Id<'svc'>;
  readonly name: string;
  readonly purpose: string;
  readonly role: RegisteredRole;
  readonly proves: ServiceProof;
  readonly registeredBy: Id<'stf'> | 'operator';
  readonly registeredAt: Date;
  readonly suspended: boolean;
  /** The entry of its registration. */
  readonly evidenceId: Id<'evt'>;
}

/** A key of a service. */
export interface KeyRow extends KnownKey {
  readonly serviceId: Id<'svc'>;
  readonly addedBy: Id<'stf'> | 'operator';
  readonly addedAt: Date;
  readonly evidenceId: Id<'evt'>;
}

const KEYS_MAX = 20;

/** SQL of the tables `services` and `service_keys`. */
export function serviceRows(tenant: string) {
  const standing = (db: Db) =>
    serviceTables(db)
      .selectFrom('services')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('removed_at', 'is', null);
  const change = (db: Db, serviceId: Id<'svc'>, values: Partial<ServiceTable>) =>
    serviceTables(db)
      .updateTable('services')
      .set(values)
      .where('tenant', '=', tenant)
      .where('service_id', '=', serviceId)
      .where('removed_at', 'is', null)
      .execute();
  return {
    async insert(db: Db, row: ServiceRow): Promise<void> {
      const values = {
        tenant,
        service_id: row.serviceId,
        name: row.name,
        purpose: row.purpose,
        role: row.role,
        proves: row.proves,
        registered_by: row.registeredBy,
        registered_at: row.registeredAt,
        suspended_at: null,
        removed_at: null,
        evidence_id: row.evidenceId,
        ...columnsOf(row),
      };
      await serviceTables(db).insertInto('services').values(values).execute();
    },

    /** `undefined`: unknown, or removed. */
    async find(db: Db, serviceId: string): Promise<ServiceRow | undefined> {
      // An id of whatever form is looked up: no row has one of another.
      const row = await standing(db)
        .where('service_id', '=', serviceId as Id<'svc'>)
        .executeTakeFirst();
      return row && readService(row);
    },

    async list(db: Db): Promise<ServiceRow[]> {
      return (await standing(db).orderBy('registered_at', 'desc').execute()).map(readService);
    },

    async setTerms(db: Db, serviceId: Id<'svc'>, terms: Terms): Promise<void> {
      await change(db, serviceId, columnsOf(terms));
    },

    async setSuspended(db: Db, serviceId: Id<'svc'>, at: Date | undefined): Promise<void> {
      await change(db, serviceId, { suspended_at: at ?? null });
    },

    async remove(db: Db, serviceId: Id<'svc'>, at: Date): Promise<void> {
      await change(db, serviceId, { removed_at: at });
    },

    /** False where the key was registered before, by whomever. */
    async insertKey(db: Db, row: KeyRow): Promise<boolean> {
      const values = {
        tenant,
        kid: row.kid,
        service_id: row.serviceId,
        jwk: JSON.stringify(row.jwk),
        not_before: new Date(row.notBeforeMs),
        retire_after: row.retireAfterMs === undefined ? null : new Date(row.retireAfterMs),
        added_by: row.addedBy,
        added_at: row.addedAt,
        evidence_id: row.evidenceId,
      };
      const done = await serviceTables(db)
        .insertInto('service_keys')
        .values(values)
        .onConflict((conflict) => conflict.columns(['tenant', 'kid']).doNothing())
        .executeTakeFirst();
      return done.numInsertedOrUpdatedRows === 1n;
    },

    /** Whose key it is, or was; `undefined`: nobody’s. */
    async ownerOfKey(db: Db, kid: string): Promise<Id<'svc'> | undefined> {
      const row = await serviceTables(db)
        .selectFrom('service_keys')
        .select('service_id')
        .where('tenant', '=', tenant)
        .where('kid', '=', kid)
        .executeTakeFirst();
      return row?.service_id;
    },

    /** Newest first. */
    async keysOf(db: Db, serviceId: Id<'svc'>): Promise<KeyRow[]> {
      const rows = await serviceTables(db)
        .selectFrom('service_keys')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('service_id', '=', serviceId)
        .orderBy('added_at', 'desc')
        .orderBy('kid')
        .limit(KEYS_MAX)
        .execute();
      return rows.map(readKeyRow);
    },

    async retireKey(db: Db, kid: string, at: Date): Promise<void> {
      await serviceTables(db)
        .updateTable('service_keys')
        .set({ retire_after: at })
        .where('tenant', '=', tenant)
        .where('kid', '=', kid)
        .where((where) =>
          where.or([where('retire_after', 'is', null), where('retire_after', '>', at)]),
        )
        .execute();
    },
  };
}

function columnsOf(terms: Terms) {
  return {
    owner_id: terms.ownerId,
    scopes: JSON.stringify(terms.scopes),
    audiences: JSON.stringify(terms.audiences),
    serves: JSON.stringify(terms.serves),
    rate_per_minute: terms.ratePerMinute,
  };
}

function readService(row: ServiceTable): ServiceRow {
  return {
    serviceId: row.service_id,
    name: row.name,
    purpose: row.purpose,
    role: row.role,
    proves: row.proves,
    ownerId: row.owner_id,
    // These were written by this module from values of these types.
    scopes: JSON.parse(row.scopes) as Record<string, number>,
    audiences: JSON.parse(row.audiences) as string[],
    serves: JSON.parse(row.serves) as string[],
    ratePerMinute: row.rate_per_minute,
    registeredBy: row.registered_by,
    registeredAt: row.registered_at,
    suspended: row.suspended_at !== null,
    evidenceId: row.evidence_id,
  };
}

function readKeyRow(row: ServiceKeyTable): KeyRow {
  return {
    kid: row.kid,
    // Written by this module as a JWK.
    jwk: JSON.parse(row.jwk) as KeptJwk,
    notBeforeMs: row.not_before.getTime(),
    retireAfterMs: row.retire_after?.getTime(),
    serviceId: row.service_id,
    addedBy: row.added_by,
    addedAt: row.added_at,
    evidenceId: row.evidence_id,
  };
}
