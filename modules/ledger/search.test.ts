import type { Id } from '@proofline/kernel';
import type { MountedRoute } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { routineActions } from './domain/routine.ts';
import { migrations, type Ledger } from './index.ts';
import { tables } from './store/tables.ts';
import { testId, testLedger } from './testing/index.ts';

let storage: Storage;
let ledger: Ledger;
const names = new Map<string, string>();
const watcher = testId('stf');
const call = testId('int');

async function record(name: string, draft: Parameters<Ledger['record']>[1]): Promise<Id<'evt'>> {
  const said = { subjects: { actor: watcher }, refs: { interactionId: call }, ...draft };
  const id = await storage.transaction((tx) => ledger.record(tx, said));
  await ledger.durable(id);
  names.set(id, name);
  return id;
}

const decided = (action: string, effect = 'permit') =>
  record(`${effect} ${action}`, { kind: 'decision.made', facts: { action, effect } });

const reader = testId('stf');

/** Calls a route of the ledger as the edge would after its own checks. */
async function ask<T>(id: string, input: object): Promise<T> {
  const mounted = ledger.routes.find(({ route }: MountedRoute) => route.id === id)!;
  const evidenceId = await storage.transaction((tx) =>
    ledger.record(tx, { kind: 'decision.made' }),
  );
  // The handler's own type was checked where it was bound; the test speaks for the edge.
  const handler = mounted.handler as (call: object) => Promise<T>;
  return handler({
    caller: { kind: 'staff', subjectId: reader },
    decision: { evidenceId },
    ...input,
  });
}

/** The names of what is found, newest first, without what is routine. */
async function search(query: object = {}) {
  const { entries, nextCursor } = await ask<{
    entries: { evidenceId: string }[];
    nextCursor?: number;
  }>('evidence.search', { query: { id: call, count: 50, routine: 'hidden', ...query } });
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
    const { inquiryId } = await ask<{ inquiryId: string }>('evidence.open-inquiry', {
      body: { purpose: 'What did they do?' },
    });
    const { found } = await search({ id: watcher, inquiryId });
    expect(found).toContain('permit self:read');
    expect(found).toEqual((await search({ id: watcher, inquiryId, routine: undefined })).found);
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

/** What is found by these filters, newest first, by name; the reader has said what for. */
async function filtered(query: object) {
  const { inquiryId } = await ask<{ inquiryId: string }>('evidence.open-inquiry', {
    body: { purpose: 'Looking into it' },
  });
  const { entries } = await ask<{ entries: { evidenceId: string }[] }>('evidence.search', {
    query: { count: 50, inquiryId, ...query },
  });
  return entries.map(({ evidenceId }) => names.get(evidenceId) ?? '');
}

describe('a search for what was permitted and nobody proved', () => {
  const ownCall = testId('int');
  const said = { refs: { interactionId: ownCall } };
  const permit = { action: 'invoice:read', effect: 'permit' };

  test('finds a permit with no identity proof behind it, and what came of it; nothing else', async () => {
    const started = await record('session', { ...said, kind: 'session.started' });
    const grant = await record('grant', { ...said, kind: 'grant.issued', causes: [started] });
    const causes = [grant];
    const good = await record('good', { ...said, kind: 'decision.made', causes, facts: permit });
    const done = { ...said, kind: 'request.completed', facts: { outcome: 'completed' } } as const;
    await record('good result', { ...done, causes: [good] });
    const rootless = await record('rootless grant', { ...said, kind: 'grant.issued' });
    const bad = { ...said, kind: 'decision.made', causes: [rootless], facts: permit } as const;
    const orphan = await record('orphan', bad);
    await record('orphaned result', { ...done, causes: [orphan] });
    const deny = { ...permit, effect: 'deny' };
    await record('denied', { ...said, kind: 'decision.made', facts: deny });
    const found = await filtered({ id: ownCall, only: 'orphans' });
    expect(found).toEqual(['orphaned result', 'orphan']);
    expect(await filtered({ id: ownCall })).toHaveLength(8);
  });

  test('is told the same when all of the index is made anew from the log', async () => {
    const db = tables(storage.db);
    const before = await db.selectFrom('ledger_facets').selectAll().orderBy('idx').execute();
    await db.updateTable('ledger_facets_head').set({ version: 0 }).execute();
    expect(await filtered({ id: ownCall, only: 'orphans' })).toEqual(['orphaned result', 'orphan']);
    const after = await db.selectFrom('ledger_facets').selectAll().orderBy('idx').execute();
    expect(after.slice(0, before.length)).toEqual(before);
  });
});

describe('the filters of a search', () => {
  test('are those of an action, an outcome and who acted, and narrow together', async () => {
    expect(await filtered({ id: call, action: 'evidence:search' })).toEqual([
      'deny evidence:search',
      'permit evidence:search',
    ]);
    expect(await filtered({ id: call, action: 'evidence:search', outcome: 'deny' })).toEqual([
      'deny evidence:search',
    ]);
    expect(await filtered({ id: call, outcome: 'deny' })).toEqual(['deny evidence:search']);
    const acted = await filtered({ id: call, actor: watcher, action: 'invoice:read' });
    expect(acted).toEqual(['permit invoice:read']);
    expect(await filtered({ actor: testId('stf') })).toEqual([]);
  });

  test('of time hold to the moment, wherever the entries stand', async () => {
    const all = await filtered({ id: call });
    const later = new Date(Date.now() + 60_000).toISOString();
    const earlier = new Date(Date.now() - 600_000).toISOString();
    expect(await filtered({ id: call, from: earlier, to: later })).toEqual(all);
    expect(await filtered({ id: call, from: later })).toEqual([]);
    expect(await filtered({ id: call, to: earlier })).toEqual([]);
  });
});

describe('what a search leaves behind', () => {
  const searches = async () => {
    // Once this one is in the log, so is all that was recorded before it.
    await record('counted', { kind: 'decision.made', refs: {} });
    const kept = await tables(storage.db)
      .selectFrom('ledger_entries')
      .select('idx')
      .where('kind', '=', 'evidence.searched')
      .execute();
    return kept.length;
  };

  test('is one entry for each question, not one for each page', async () => {
    const before = await searches();
    const { inquiryId } = await ask<{ inquiryId: string }>('evidence.open-inquiry', {
      body: { purpose: 'Turning pages' },
    });
    for (const cursor of [undefined, 9, 8, 7]) {
      const query = { id: call, count: 5, cursor, inquiryId, outcome: 'permit' };
      await ask('evidence.search', { query });
    }
    expect(await searches()).toBe(before + 1);
  });

  test.each(['stf_01jb3k5v3nf0aas8p4zkb2yq7e', 'MH-10001', 'Nora Vance', 'psn_x'])(
    'is nothing where a person was searched for without a purpose: %s',
    async (id) => {
      const before = await searches();
      for (const query of [{ id }, { actor: id }]) {
        await expect(
          ask('evidence.search', { query: { count: 5, ...query } }),
        ).rejects.toMatchObject({
          code: 'evidence.purpose-needed',
        });
      }
      expect(await searches()).toBe(before);
    },
  );

  test('takes nobody else’s purpose', async () => {
    const evidenceId = await record('decided', { kind: 'decision.made' });
    const mounted = ledger.routes.find(({ route }) => route.id === 'evidence.open-inquiry')!;
    // The handler's own type was checked where it was bound; the test speaks for the edge.
    const open = mounted.handler as (call: object) => Promise<{ inquiryId: string }>;
    const { inquiryId } = await open({
      caller: { kind: 'staff', subjectId: testId('stf') },
      decision: { evidenceId },
      body: { purpose: 'Of somebody else' },
    });
    for (const query of [
      { id: 'MH-10001', inquiryId },
      { id: watcher, inquiryId: testId('inq') },
    ]) {
      await expect(ask('evidence.search', { query: { count: 5, ...query } })).rejects.toMatchObject(
        {
          code: 'evidence.purpose-needed',
        },
      );
    }
  });
});

describe('what something reached', () => {
  interface Radius {
    entryCount: number;
    truncated: boolean;
    people: { role: string; count: number }[];
    records: { role: string; id: string; count: number }[];
    fields: object[];
    acts: { kind: string; weight?: string; count: number }[];
  }
  const session = testId('ses');
  const stranger = testId('ses');
  const victim = testId('cus');
  const caseId = testId('cse');

  async function work(): Promise<void> {
    const said = { subjects: { actor: watcher }, refs: { sessionId: session } };
    const began = await record('its start', { ...said, kind: 'session.started' });
    const facts = { action: 'account:read', effect: 'permit' };
    const permit = { ...said, kind: 'decision.made', causes: [began], facts } as const;
    const permitted = await record('its permit', permit);
    const shown = { visible: ['contact', 'plan'], masked: ['payment-token'], hidden: [] };
    await record('its result', {
      kind: 'request.completed',
      causes: [permitted],
      subjects: { actor: watcher, customer: victim },
      refs: { sessionId: session, caseId },
      facts: { action: 'account:read', outcome: 'completed', fields: shown },
    });
    // Names no session, and yet came of it; and what it opened for somebody else did not.
    const promoted = await record('its release', {
      kind: 'policy.promoted',
      causes: [permitted],
      refs: {},
    });
    const other = { causes: [promoted], refs: { sessionId: stranger } };
    await record('a later session', { ...other, kind: 'session.started' });
  }

  const radius = async (query: object) => {
    const { inquiryId } = await ask<{ inquiryId: string }>('evidence.open-inquiry', {
      body: { purpose: 'A stolen laptop' },
    });
    return ask<Radius>('evidence.radius', { query: { inquiryId, ...query } });
  };

  test('is counted: who, which records and fields, what changed; not what another sign-in did', async () => {
    await work();
    const found = await radius({ id: session });
    expect(found).toMatchObject({ entryCount: 4, truncated: false });
    expect(found.people.map(({ role, count }) => `${role} ${count}`)).toEqual([
      'actor 4',
      'customer 1',
    ]);
    expect(found.records).toContainEqual({ role: 'caseId', id: caseId, count: 1 });
    expect(found.fields).toEqual([
      { category: 'contact', shown: 1, masked: 0 },
      { category: 'plan', shown: 1, masked: 0 },
      { category: 'payment-token', shown: 0, masked: 1 },
    ]);
    const weights = found.acts.map(({ kind, weight }) => `${kind} ${weight ?? ''}`.trim());
    expect(weights.toSorted()).toEqual([
      'decision.made',
      'policy.promoted changed',
      'request.completed read',
      'session.started',
    ]);
  });

  test('is found by the search that a count leads to', async () => {
    const of = { id: session, reach: 'followed' };
    expect(await filtered(of)).toEqual(['its release', 'its result', 'its permit', 'its start']);
    expect(await filtered({ ...of, kind: 'policy.promoted' })).toEqual(['its release']);
    expect(await filtered({ id: session })).toHaveLength(3);
  });

  test('is nothing for what nobody knows, and told to nobody without a purpose', async () => {
    expect(await radius({ id: testId('ses') })).toMatchObject({ entryCount: 0, people: [] });
    for (const id of [session, testId('ses'), watcher]) {
      await expect(ask('evidence.radius', { query: { id } })).rejects.toMatchObject({
        code: 'evidence.purpose-needed',
      });
    }
  });
});
