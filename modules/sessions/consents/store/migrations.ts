import type { Migration } from '@proofline/storage';

/** What customers have agreed to with applications. */
export const consentMigrations: readonly Migration[] = [
  {
    id: 'sessions-consents',
    why:
      'What a customer agreed to that an application learns of them: one row while it stands, over the ' +
      'digest of the very terms that they saw. What is withdrawn is gone; the log says that it was there.',
    sql: `
      CREATE TABLE session_consents (
        tenant text NOT NULL,
        customer_id text NOT NULL,
        application_id text NOT NULL,
        learns text NOT NULL,
        terms_digest text NOT NULL,
        agreed_at timestamptz NOT NULL,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, customer_id, application_id)
      )
    `,
  },
  {
    id: 'sessions-consents-sealed',
    why:
      'A row that somebody writes here is not a customer’s yes: it bears a seal under a key that is not in ' +
      'the database. What was agreed to before this bears none, and is asked once more.',
    sql: `
      ALTER TABLE session_consents ADD COLUMN seal text NOT NULL DEFAULT ''
    `,
  },
  {
    id: 'sessions-consents-found',
    why:
      'An application that asks a customer elsewhere names them by what it calls them. A digest under a key ' +
      'that is not in the database leads from there to the row, and nobody else from the row to there. Where ' +
      'it is absent, the customer is found once they have signed in there again.',
    sql: `
      ALTER TABLE session_consents ADD COLUMN found_by text;
      CREATE INDEX session_consents_found
        ON session_consents (tenant, application_id, found_by)
    `,
  },
];
