import type { Migration } from '@proofline/storage';

/** The tables of services. */
export const serviceMigrations: readonly Migration[] = [
  {
    id: 'services-1',
    why:
      'Programs that colleagues register, with their public keys; who reads these tables can act as ' +
      'none of them. A key has one row for ever: a retired one is never taken again, by nobody. Use is ' +
      'kept apart, one row of each service, so that counting touches nothing that decides.',
    sql: `
      CREATE TABLE services (
        tenant text NOT NULL,
        service_id text NOT NULL,
        name text NOT NULL,
        purpose text NOT NULL,
        role text NOT NULL,
        owner_id text NOT NULL,
        scopes text NOT NULL,
        audiences text NOT NULL,
        rate_per_minute integer NOT NULL,
        proves text NOT NULL CHECK (proves IN ('dpop', 'signature')),
        registered_by text NOT NULL,
        registered_at timestamptz NOT NULL,
        suspended_at timestamptz,
        removed_at timestamptz,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, service_id)
      );
      CREATE TABLE service_keys (
        tenant text NOT NULL,
        kid text NOT NULL,
        service_id text NOT NULL,
        jwk text NOT NULL,
        not_before timestamptz NOT NULL,
        retire_after timestamptz,
        added_by text NOT NULL,
        added_at timestamptz NOT NULL,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, kid)
      );
      CREATE INDEX service_keys_of ON service_keys (tenant, service_id);
      CREATE TABLE service_use (
        tenant text NOT NULL,
        service_id text NOT NULL,
        used text NOT NULL,
        PRIMARY KEY (tenant, service_id)
      )
    `,
    wall: {
      kept: { services: 'never-removed' },
      changing: { service_keys: ['retire_after'] },
    },
  },
  {
    id: 'services-certificates',
    why: 'A third way to prove requests: the certificate of the connection, as it is registered (RFC 8705).',
    sql: `
      ALTER TABLE services DROP CONSTRAINT services_proves_check;
      ALTER TABLE services ADD CONSTRAINT services_proves_check
        CHECK (proves IN ('dpop', 'signature', 'certificate'))
    `,
  },
  {
    id: 'services-serves',
    why:
      'Which APIs a program is: grants of colleagues for one of these it may exchange for one for another, and ' +
      'no others. Whoever was registered before is called by nobody.',
    sql: `ALTER TABLE services ADD COLUMN serves text NOT NULL DEFAULT '[]'`,
  },
  {
    id: 'services-named-certificates',
    why: 'A fourth way to prove requests: a certificate that an authority has issued to registered names.',
    sql: `
      ALTER TABLE services DROP CONSTRAINT services_proves_check;
      ALTER TABLE services ADD CONSTRAINT services_proves_check
        CHECK (proves IN ('dpop', 'signature', 'certificate', 'named-certificate'))
    `,
  },
];
