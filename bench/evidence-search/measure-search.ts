import { seededRandom } from '@proofline/kernel/node';
import { migrations } from '@proofline/ledger';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { createPseudonyms } from '../../modules/ledger/commands/pseudonyms.ts';
import { createContext, type Context } from '../../modules/ledger/context.ts';
import { followLog } from '../../modules/ledger/projection/follow-log.ts';
import { readChain } from '../../modules/ledger/reading/chain.ts';
import { radiusOf } from '../../modules/ledger/reading/radius.ts';
import { createRowReader } from '../../modules/ledger/reading/read-rows.ts';
import { createFinder, type Finder, type Search } from '../../modules/ledger/reading/search.ts';
import { testDeps } from '../../modules/ledger/testing/index.ts';
import type { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { fillLog, idOf, places } from './fill-log.ts';

const ROUNDS = 60;
const PAGE = 50;
const DAY_MS = 86_400_000;

/** What was measured. */
export interface Measured {
  readonly entries: number;
  readonly refs: number;
  readonly bytes: number;
  readonly facetBytes: number;
  readonly followedPerSecond: number;
  readonly rounds: number;
  readonly rows: readonly {
    readonly name: string;
    readonly found: string;
    readonly p50Ms: number;
    readonly p99Ms: number;
  }[];
}

type Asked = (index: number) => Promise<number>;

/** Fills a log, follows it, and asks. */
export async function measureSearch(
  count: number,
  open: typeof openTestStorage,
): Promise<Measured> {
  const storage = await open(migrations);
  const context = createContext(testDeps(storage));
  process.stderr.write(`filling ${count} entries …\n`);
  await fillLog(storage, context.tenant, count);
  process.stderr.write('following the log …\n');
  const startedAt = performance.now();
  let size = 0;
  while (size < count) size = await followLog(context, count);
  const followedPerSecond = count / ((performance.now() - startedAt) / 1000);
  await sql.raw('analyze ledger_facets').execute(storage.db);
  const rows: Measured['rows'][number][] = [];
  for (const [name, ask] of Object.entries(questions(context, count))) {
    process.stderr.write(`${name} …\n`);
    rows.push({ name, ...(await measure(ask, count)) });
  }
  const sizes = await sizesOf(storage);
  await storage.close();
  return { entries: count, followedPerSecond, rounds: ROUNDS, rows, ...sizes };
}

async function measure(ask: Asked, count: number) {
  const random = seededRandom('evidence search');
  const tookMs: number[] = [];
  const found: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const index = Buffer.from(random.bytes(4)).readUInt32BE() % count;
    const startedAt = performance.now();
    found.push(await ask(index));
    tookMs.push(performance.now() - startedAt);
  }
  tookMs.sort((a, b) => a - b);
  const [least, most] = [Math.min(...found), Math.max(...found)];
  return {
    found: least === most ? String(least) : `${least}–${most}`,
    p50Ms: tookMs[Math.floor(ROUNDS / 2)]!,
    // Of sixty rounds the worst: no better than a p99.
    p99Ms: tookMs.at(-1)!,
  };
}

function questions(context: Context, count: number): Record<string, Asked> {
  const pseudonyms = createPseudonyms(context);
  const follower = {
    catchUp: async () => count,
    start: () => undefined,
    stop: async () => undefined,
  };
  const finder = createFinder({ context, pseudonyms, follower });
  const page =
    (of: (index: number) => Omit<Search, 'count'>): Asked =>
    async (index) =>
      (await finder.page({ count: PAGE, ...of(index) })).total.count;
  return {
    ...searches(page),
    'chain of an entry': async (index) => {
      const one = await finder.find(idOf('evt', index) as Parameters<Finder['find']>[0]); // by its form
      return (await readChain(context, one ? [one] : [], 500)).entries.length;
    },
    ...radii(context, finder, createRowReader(context, pseudonyms)),
  };
}

function searches(
  page: (of: (index: number) => Omit<Search, 'count'>) => Asked,
): Record<string, Asked> {
  const agent = (index: number) => places.agentId(places.agentOf(index));
  return {
    'one call': page((index) => ({ id: idOf('int', places.callOf(index)) })),
    'one session': page((index) => ({ id: idOf('ses', places.sessionOf(index)) })),
    'one customer': page((index) => ({ id: places.customerId(places.customerOf(index)) })),
    'one agent': page((index) => ({ id: agent(index) })),
    'one agent’s refunds that were not permitted': page((index) => ({
      actor: agent(index),
      action: 'refund:initiate',
      outcome: 'deny',
    })),
    'an agent together with a customer': page((index) => ({
      actor: agent(index),
      about: places.customerId(places.customerOf(index)),
    })),
    'refunds that were not permitted': page(() => ({ action: 'refund:initiate', outcome: 'deny' })),
    'a day of the month, without what is routine': page((index) => ({
      routine: 'hidden',
      from: places.at(index),
      to: new Date(places.at(index).getTime() + DAY_MS),
    })),
    'a kind on one day': page((index) => ({
      kind: 'proof.bound',
      from: places.at(index),
      to: new Date(places.at(index).getTime() + DAY_MS),
    })),
    'a page deep in the log': page((index) => ({ before: index, kind: 'decision.made' })),
    'a release of policies': page(() => ({ id: 'A'.repeat(43) })),
    nobody: page((index) => ({ id: idOf('psn', 5_000_000 + index) })),
    'an action that nobody did': page(() => ({ action: 'debt:write-off' })),
    'what nobody proved': page(() => ({ only: 'orphans' })),
  };
}

function radii(
  context: Context,
  finder: Finder,
  rowReader: ReturnType<typeof createRowReader>,
): Record<string, Asked> {
  const radius =
    (of: (index: number) => Parameters<Finder['reached']>[0]): Asked =>
    async (index) =>
      (await radiusOf(context, rowReader, await finder.reached(of(index)))).entryCount;
  return {
    'what a session reached': radius((index) => ({ id: idOf('ses', places.sessionOf(index)) })),
    'what a customer was reached by': radius((index) => ({
      id: places.customerId(places.customerOf(index)),
    })),
    'what an agent reached in a day': radius((index) => ({
      id: places.agentId(places.agentOf(index)),
      from: places.at(index),
      to: new Date(places.at(index).getTime() + DAY_MS),
    })),
    'what two hours reached': radius((index) => ({
      from: places.at(index),
      to: new Date(places.at(index).getTime() + DAY_MS / 12),
    })),
  };
}

async function sizesOf({ db }: Storage) {
  const { rows } = await sql<{ refs: number; bytes: number; facet_bytes: number }>`
    select (select count(*) from ledger_refs) as refs,
      pg_total_relation_size('ledger_entries') + pg_total_relation_size('ledger_refs')
        + pg_total_relation_size('ledger_facets') as bytes,
      pg_total_relation_size('ledger_facets') as facet_bytes`.execute(db);
  const [{ refs, bytes, facet_bytes: facetBytes } = { refs: 0, bytes: 0, facet_bytes: 0 }] = rows;
  return { refs, bytes, facetBytes };
}
