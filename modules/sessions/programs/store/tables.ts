import type { Id } from '@proofline/kernel';
import type { RegisteredRole, ServiceProof } from '@proofline/protocol';
import type { Db } from '@proofline/storage';

// Every id was minted by Proofline before it was stored, so the columns bear their brands.
type ServiceTable = {
  tenant: string;
  service_id: Id<'svc'>;
  name: string;
  purpose: string;
  role: RegisteredRole;
  owner_id: Id<'stf'>;
  /** JSON: action → since when it is held, in milliseconds. */
  scopes: string;
  /** JSON array. */
  audiences: string;
  /** JSON array. */
  serves: string;
  rate_per_minute: number;
  proves: ServiceProof;
  /** `operator`: whoever runs the server, by no route. */
  registered_by: Id<'stf'> | 'operator';
  registered_at: Date;
  suspended_at: Date | null;
  removed_at: Date | null;
  evidence_id: Id<'evt'>;
};

type ServiceKeyTable = {
  tenant: string;
  kid: string;
  service_id: Id<'svc'>;
  /** JSON. */
  jwk: string;
  not_before: Date;
  retire_after: Date | null;
  added_by: Id<'stf'> | 'operator';
  added_at: Date;
  evidence_id: Id<'evt'>;
};

type ServiceUseTable = { tenant: string; service_id: string; used: string };

type Tables = {
  services: ServiceTable;
  service_keys: ServiceKeyTable;
  service_use: ServiceUseTable;
};

export type { ServiceKeyTable, ServiceTable };

/** A connection or transaction, narrowed to the tables of services. */
export const serviceTables = (db: Db) => db.withTables<Tables>();
