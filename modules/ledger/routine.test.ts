import type { MountedRoute } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { routineActions } from './domain/routine.ts';
import { migrations, type Ledger } from './index.ts';
import { testId, testLedger } from './testing/index.ts';

let storage: Storage;
let ledger: Ledger;
const names = new Map<string, string>();
const watcher = testId('stf');
const call = testId('int');

async function record(name: string, draft: Parameters<Ledger['record']>[1]): Promise<void> {
  const said = { subjects: { actor: watcher }, refs: { interactionId: call }, ...draft };
  const id = await storage.transaction((tx) => ledger.record(tx, said));
  await ledger.durable(id);
  names.set(id, name);
}

const decided = (action: string, effect = 'permit') =>
  record(`${effect} ${action}`, { kind: 'decision.made', facts: { action, effect } });

/** The names of what is found, newest first, without what is routine. */
async function search(query: object = {}) {
  const mounted = ledger.routes.find(({ route }: MountedRoute) => route.id === 'evidence.search')!;
  // The handler's own type was checked where it was bound; the test speaks for the edge.
  const handler = mounted.handler as (
    call: object,
  ) => Promise<{ entries: { evidenceId: string }[]; nextCursor?: number }>;
  const { entries, nextCursor } = await handler({
    query: { id: call, count: 50, routine: 'hidden', ...query },
  });
  return { found: entries.map(({ evidenceId }) => names.get(evidenceId)), nextCursor };
}

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  ledger = testLedger(storage);
  await ledger.start();
  for (const action of ['interaction:list', 'evidence:search', 'self:read', 'result:report']) {
    await decided(action);
  }
  await decided('evidence:search', 'deny');
  await decided('invoice:read');
  await decided('approval:decide');
  for (const action of ['interaction:read', 'person:read', 'decision:read']) await decided(action);
  // An entry of another kind may name the same action, and one may say nothing at all.
  await record('result', { kind: 'request.completed', facts: { action: 'self:read' } });
  await record('silent', { kind: 'decision.made' });
  await record('reading', { kind: 'evidence.read' });
  await record('export', { kind: 'evidence.exported' });
});
afterAll(async () => {
  await ledger.stop();
  await storage.close();
});

describe('a search without what is routine', () => {
  const left = [
    'export',
    'reading',
    'silent',
    'result',
    'permit decision:read',
    'permit person:read',
    'permit interaction:read',
    'permit approval:decide',
    'permit invoice:read',
    'deny evidence:search',
  ];

  test('leaves what was refused, done, exported, or read of a customer', async () => {
    expect((await search()).found).toEqual(left);
    expect((await search({ routine: undefined })).found).toHaveLength(14);
  });

  test('fills its pages, and its cursor does not shift: what is between takes no place', async () => {
    const first = await search({ count: 5 });
    expect(first.found).toEqual(left.slice(0, 5));
    await decided('decision:evaluate');
    const second = await search({ count: 5, cursor: first.nextCursor! });
    expect(second.found).toEqual(left.slice(5));
    expect(second.nextCursor).toBeUndefined();
  });

  test('leaves nothing out of what one person did', async () => {
    const { found } = await search({ id: watcher });
    expect(found).toContain('permit self:read');
    expect(found).toEqual((await search({ id: watcher, routine: undefined })).found);
  });

  test('is what screens read and enforcement points ask, and nothing of a customer’s record', () => {
    expect(routineActions).toEqual(
      expect.arrayContaining(['interaction:list', 'policy:read', 'decision:evaluate']),
    );
    for (const one of ['interaction:read', 'person:read', 'decision:read'] as const) {
      expect(routineActions).not.toContain(one);
    }
    const ofCustomers = routineActions.filter((one) => /^(?:account|invoice|refund):/.test(one));
    expect(ofCustomers).toEqual([]);
  });
});
