import { fixedClock, newId } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { EvidenceDraft } from '@proofline/ledger';
import { ProblemError } from '@proofline/protocol';
import { DatabaseError, StorageError, type Db, type Storage } from '@proofline/storage';
import { expect, test } from 'vitest';
import { createCommit } from './commit-together.ts';
import type { Prepared } from '../domain/prepared.ts';

const release = { sequence: 1, digest: 'd' };

function prepared(name: string): Prepared {
  const subject = { type: 'Service', id: 'svc_gateway' };
  const resource = { type: 'Interaction', id: name };
  const question = { principal: subject, action: 'self:read', resource, context: {} };
  const outcome = {
    effect: 'permit',
    forbidden: false,
    reasons: [],
    determining: [],
    erring: [],
  } as const;
  return {
    input: { subject, action: 'self:read', resource },
    gathered: { known: new Map(), unknown: [], atMs: 0 },
    evaluated: { question, outcome, remedies: [], obligations: {}, defaulted: [] },
    release,
    used: [],
  };
}

/** A database that takes its time: each transaction ends when the test says so. */
function world() {
  const clock = fixedClock();
  const random = seededRandom('together');
  const ports = { clock, random };
  const open: (() => void)[] = [];
  const committed: string[][] = [];
  let trouble: (names: readonly string[]) => Error | undefined = () => undefined;
  let begun = 0;
  // Only what is called: one statement, whose answer nobody reads.
  const tx = { executeQuery: async () => ({ rows: [] }) } as unknown as Db;
  let names: string[] = [];
  const storage = {
    async transaction<T>(work: (one: Db) => Promise<T>): Promise<T> {
      begun += 1;
      await new Promise<void>((resolve) => void open.push(resolve));
      const done = await work(tx);
      const error = trouble(names);
      if (error) throw error;
      committed.push(names);
      return done;
    },
  } as unknown as Storage; // as above
  const commit = createCommit({
    ...ports,
    storage,
    tenant: 'hx',
    ledger: {
      sealAll: () => undefined,
      async recordAll(_tx, drafts: readonly EvidenceDraft[]) {
        names = drafts.map(({ facts }) => String(facts?.['resourceType'] ?? ''));
        return drafts.map(() => newId('evt', ports));
      },
    },
    observe: () => undefined,
  });
  return {
    clock,
    committed,
    begun: () => begun,
    failWhen(of: typeof trouble) {
      trouble = of;
    },
    /** Asks for one decision whose resource type is this name. */
    ask: (name: string, count = 1) => {
      const one = prepared(name);
      const { input } = one;
      const named = { ...one, input: { ...input, resource: { type: name, id: 'x' } } };
      return commit(Array.from({ length: count }, () => named)).then(
        (decisions) => decisions.map(({ resource }) => resource.type).join(),
        (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
      );
    },
    /** Lets every transaction go on until there is none left. */
    async finish() {
      for (let turn = 0; turn < 200; turn += 1) {
        open.shift()?.();
        await new Promise((resolve) => void setImmediate(resolve));
      }
    },
  };
}

const tick = () => new Promise((resolve) => void setImmediate(resolve));

test('decisions of the same moment share a transaction, and each gets its own answer', async () => {
  const { ask, committed, finish } = world();
  const first = [ask('A')];
  await tick();
  first.push(ask('B'));
  await tick();
  const rest = [ask('C'), ask('D', 2), ask('E')];
  await finish();
  expect(await Promise.all([...first, ...rest])).toEqual(['A', 'B', 'C', 'D,D', 'E']);
  expect(committed).toEqual([['A'], ['B'], ['C', 'D', 'D', 'E']]);
});

test('one that cannot be recorded fails alone, and nobody hears of its trouble', async () => {
  const { ask, committed, failWhen, finish } = world();
  failWhen((names) =>
    names.includes('Bad') ? new RangeError('Bad cannot be spelled') : undefined,
  );
  const asked = ['A', 'B', 'Bad', 'C', 'D'].map((name) => ask(name));
  await finish();
  expect(await Promise.all(asked)).toEqual([
    'A',
    'B',
    'RangeError: Bad cannot be spelled',
    'C',
    'D',
  ]);
  expect(committed.flat().toSorted()).toEqual(['A', 'B', 'C', 'D']);
});

test.each([
  ['is gone', () => new StorageError('no connection to the PostgreSQL server')],
  ['is too slow', () => new DatabaseError({ code: '57014', message: 'statement timeout' })],
])('a database that %s is not asked again for each of them', async (_, error) => {
  const { ask, begun, failWhen, finish } = world();
  failWhen(error);
  const asked = ['A', 'B', 'C', 'D'].map((name) => ask(name));
  await finish();
  expect(new Set(await Promise.all(asked)).size).toBe(1);
  expect(begun()).toBe(1);
});

test('what has waited too long is neither recorded nor answered (P6)', async () => {
  const { ask, clock, committed, finish } = world();
  const first = ask('A');
  await tick();
  const second = ask('B');
  await tick();
  const third = ask('C');
  clock.advance(1_001);
  const fourth = ask('D');
  await finish();
  expect(await Promise.all([first, second, third, fourth])).toEqual(['A', 'B', 'server.busy', 'D']);
  expect(committed.flat()).not.toContain('C');
});

test('a full line refuses what comes on top, and works on', async () => {
  const { ask, finish } = world();
  const asked = [ask('A')];
  await tick();
  asked.push(ask('B'));
  await tick();
  for (let at = 0; at < 40; at += 1) asked.push(ask('C', 100));
  expect(await ask('D')).toBe('server.busy');
  await finish();
  const answers = await Promise.all(asked);
  expect(answers).toHaveLength(42);
  expect(answers).not.toContain('server.busy');
});
