import type { Migration } from '@proofline/storage';

/** The table of signing keys. */
export const keyMigrations: readonly Migration[] = [
  {
    id: 'signing-keys-1',
    why:
      'The issuer’s keys one after the other. A sequence and not a time, so that of two processes that ' +
      'rotate at once one is first; private halves are sealed under a key that is not in the database. ' +
      'How a key stands follows from these rows and the time.',
    sql: `
      CREATE TABLE signing_keys (
        tenant text NOT NULL,
        sequence integer NOT NULL,
        kid text NOT NULL,
        public_jwk text NOT NULL,
        sealed_jwk text,
        published_at timestamptz NOT NULL,
        signs_from timestamptz NOT NULL,
        older_until timestamptz NOT NULL,
        because text NOT NULL CHECK (because IN ('settings', 'schedule', 'asked', 'compromised')),
        PRIMARY KEY (tenant, sequence),
        UNIQUE (tenant, kid)
      )
    `,
    wall: { kept: { signing_keys: 'append-only' } },
  },
  {
    id: 'signing-keys-2',
    why:
      'What a row says of its key (sequence, public half, times) is authenticated with its seal from now on. ' +
      'Rows from before cannot be told from rows that somebody else has written, so the settings begin anew.',
    sql: 'DELETE FROM signing_keys',
  },
  {
    id: 'signing-keys-customers',
    why:
      'The customers’ issuer signs with keys of its own: what one realm has signed is worth nothing in the ' +
      'other. None of them stands in the settings; the first one is made at the first start.',
    sql: `
      CREATE TABLE customer_signing_keys (
        tenant text NOT NULL,
        sequence integer NOT NULL,
        kid text NOT NULL,
        public_jwk text NOT NULL,
        sealed_jwk text,
        published_at timestamptz NOT NULL,
        signs_from timestamptz NOT NULL,
        older_until timestamptz NOT NULL,
        because text NOT NULL CHECK (because IN ('schedule', 'asked', 'compromised')),
        PRIMARY KEY (tenant, sequence),
        UNIQUE (tenant, kid)
      )
    `,
    wall: { kept: { customer_signing_keys: 'append-only' } },
  },
];
