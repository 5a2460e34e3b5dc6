import type { PGlite } from '@electric-sql/pglite';

/**
 * Commits a row and looks whether the host's fsync was called for it. PGlite as shipped loses
 * acknowledged rows at a power cut, silently; an upgrade that moves our hook must not.
 *
 * @throws Error with a sentence for the operator.
 */
export async function proveDurable(pglite: PGlite, fsyncCount: () => number): Promise<void> {
  await pglite.exec(`create schema if not exists proofline_engine;
    create table if not exists proofline_engine.probe (id integer primary key, n bigint not null)`);
  const before = fsyncCount();
  await pglite.exec(`insert into proofline_engine.probe values (1, 1)
    on conflict (id) do update set n = probe.n + 1`);
  if (fsyncCount() > before) return;
  throw new Error(
    'a commit did not reach the disk: this build of the embedded database is not durable, ' +
      'so it was not started; set a PostgreSQL URL or install the pinned version again',
  );
}
