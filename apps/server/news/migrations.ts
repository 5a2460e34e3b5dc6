import type { Migration } from '@proofline/storage';

/** What the processes of one installation tell each other’s screens. */
export const newsMigrations: readonly Migration[] = [
  {
    id: 'server-1',
    why:
      'A screen hears of a change from the process that it listens to, whichever process made it. A row is ' +
      'a hint to ask again: ids only, kept for a minute, and nothing is decided by it. A table and not ' +
      'LISTEN/NOTIFY, which a connection pool or another database may not carry.',
    sql: `
      CREATE TABLE screen_news (
        tenant text NOT NULL,
        news_id text NOT NULL,
        node text NOT NULL,
        notice text NOT NULL CHECK (length(notice) <= 2000),
        at timestamptz NOT NULL,
        PRIMARY KEY (tenant, news_id)
      );
      CREATE INDEX screen_news_at ON screen_news (tenant, at)
    `,
  },
];
