import { defineConfig } from 'vitest/config';

const everything = '{packages,modules,apps,demo,tools,tests}/**/*.test.{ts,tsx}';
/** They start browsers, of which three at a time leave each other room: after the others. */
const inBrowsers = 'tests/{journeys,accessibility}/**/*.test.ts';
/** They start a process again and again, kill it, and time nothing. */
const kills = 'tests/faults/kill*.test.ts';
/** They wait for limits of seconds to pass, and for little else: beside what has much to do. */
const waits = [
  'tests/faults/{second-process,moving,backup}.test.ts',
  'tests/attacks/p7-{half-sent,gateway-half-sent}.test.ts',
];
/** They fill disks and use up what there is: one at a time, and last. */
const alone = [
  'tests/faults/!(kill*|second-process|moving|backup).test.ts',
  'tests/attacks/p6-floods.test.ts',
];

const shared = {
  testTimeout: 90_000,
  hookTimeout: 240_000,
  // What is waited for comes at once on a quiet machine; one second is not enough on a busy one.
  expect: { poll: { timeout: 20_000 } },
};
/** They stop the clock of their process: nobody else's timers may run in it. */
const ownClock = [
  'apps/server/{ticker,http/event-hub,http/mount-route}.test.ts',
  'apps/console/src/api/event-feed.test.ts',
];
/** They open the embedded database whatever the run is on: once is enough. */
const embeddedOnly = [
  'modules/storage/embedded/**',
  'modules/storage/open-storage.test.ts',
  // The same story as `play-story`, which is played on PostgreSQL.
  'tests/attacks/p9-logs.test.ts',
];
/**
 * They are pure, about connections and bodies that never arrive, or about what the solver proves, and
 * ask nothing of a database that the tests beside them do not.
 */
const databaseless = [
  'modules/**/domain/**',
  'modules/decisions/releases/promises.test.ts',
  'apps/server/http/**',
  'tests/attacks/p7-{half-sent,gateway-half-sent}.test.ts',
];
/**
 * Long, and about who may ask for what, what is told, or what a browser does. What they make a database
 * do, shorter tests make both do: `npm test` runs them on PostgreSQL only, where they take three quarters
 * of the time, and on the embedded database where there is no PostgreSQL.
 */
const once = [
  'tests/attacks/{p1-every-route,p1-ceremonies,p1-identity,p1-recovery}.test.ts',
  'tests/attacks/{p2-policies,p2-roles,p2-tokens,p4-authority,p4-chains,p5-links,p5-proofs}.test.ts',
  'tests/attacks/{p6-floods,p6-late-answers,p6-revocation,p6-switches}.test.ts',
  'tests/attacks/{p9-live-events,p9-refusals,p9-searches}.test.ts',
  'tests/attacks/hostile-input.test.ts',
  'tests/journeys/!(call).test.ts',
  'demo/story/play-story.test.ts',
  // Stands and candidates in the database are `vouching`’s too; what these are long for is the solver.
  'modules/decisions/releases/{releases,rehearsal,stages/stages}.test.ts',
];
const never = [
  '**/node_modules/**',
  '**/dist/**',
  ...(process.env['PROOFLINE_TEST_DATABASE_URL'] ? [...embeddedOnly, ...databaseless] : []),
  ...(process.env['PROOFLINE_TEST_POSTGRES_FOLLOWS'] ? once : []),
];

export default defineConfig({
  test: {
    // Each file may hold a database in memory (0.5 GB).
    maxWorkers: 4,
    // And makes much that is soon forgotten: with 16 MB for it, a tenth of the time went on collecting.
    execArgv: ['--max-semi-space-size=64'],
    // The run on PostgreSQL finds what the run before it made of each module.
    experimental: { fsModuleCache: true },
    projects: [
      {
        test: {
          ...shared,
          name: 'code',
          include: [everything],
          exclude: [...never, ...ownClock, inBrowsers, kills, ...waits, ...alone],
          // A worker keeps its modules and its idle databases from file to file: half of the time.
          // So a test undoes what it does to anything global (timers, stubs, the environment).
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'clock',
          include: ownClock,
          exclude: never,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...shared,
          name: 'browsers',
          include: [inBrowsers],
          exclude: never,
          maxWorkers: 3,
          // As above; each file has a browser and a company of its own.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'kills',
          include: [kills],
          exclude: never,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'waits',
          include: waits,
          exclude: never,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...shared,
          name: 'alone',
          include: alone,
          exclude: never,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
