import { parseEntry, parseVerifierKey, verifyGrowth, verifyLog } from '@proofline/evidence';
import { seededRandom } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations, type Ledger } from './index.ts';
import { createContext } from './context.ts';
import { createTreeReader } from './reading/tree-reader.ts';
import { tables } from './store/tables.ts';
import { memoryMark, testDeps, testId, testLedger } from './testing/index.ts';

let storage: Storage;
const started: Ledger[] = [];

beforeEach(async () => {
  storage = await openTestStorage(migrations);
});
afterEach(async () => {
  for (const ledger of started.splice(0)) await ledger.stop();
  await storage.close();
});

async function start(change: Parameters<typeof testLedger>[1] = {}): Promise<Ledger> {
  const ledger = testLedger(storage, change);
  await ledger.start();
  started.push(ledger);
  return ledger;
}

function recordOne(ledger: Ledger, name = 'x') {
  return storage.transaction((tx) =>
    ledger.record(tx, { kind: 'interaction.started', facts: { name } }),
  );
}

/** The whole log as anybody could check it: leaves, checkpoint, key. */
async function verifyAll() {
  const rows = await tables(storage.db)
    .selectFrom('ledger_entries')
    .selectAll()
    .orderBy('idx')
    .execute();
  const head = await tables(storage.db).selectFrom('ledger_head').selectAll().executeTakeFirst();
  const first = parseEntry(rows[0]!.leaf);
  const key = parseVerifierKey(String(first.ok && first.value.facts['verifierKey']))!;
  return {
    rows,
    head: head!,
    key,
    verdict: verifyLog(
      rows.map(({ leaf }) => leaf),
      head!.checkpoint,
      key,
    ),
  };
}

describe('entries that their caller writes with rows of its own', () => {
  const subject = testId('stf');
  const draft = {
    kind: 'interaction.started',
    subjects: { actor: subject },
    personal: [{ subject, retention: 'access', fields: { note: 'a call' } }],
  } as const;

  test('come into the log as any other, once their subjects are known to it', async () => {
    const ledger = await start();
    expect(ledger.sealAll([draft])).toBeUndefined();
    const [first] = await storage.transaction((tx) => ledger.recordAll(tx, [draft]));
    await ledger.durable(first!);
    const sealed = ledger.sealAll([draft, draft])!;
    // Nothing is evidence before its rows are written.
    const { rows: before } = await verifyAll();
    await storage.insertAll(sealed.inserts);
    await Promise.all(sealed.ids.map((id) => ledger.durable(id)));
    const { rows, verdict } = await verifyAll();
    expect(verdict).toMatchObject({ ok: true, entryCount: before.length + 2 });
    expect(rows.slice(-2).map((row) => row.evidence_id)).toEqual(sealed.ids);
    expect(await ledger.check()).toEqual([]);
  });

  test('are left to a transaction where one subject is new', async () => {
    const ledger = await start();
    const [first] = await storage.transaction((tx) => ledger.recordAll(tx, [draft]));
    await ledger.durable(first!);
    const other = {
      ...draft,
      subjects: { actor: testId('stf', { random: seededRandom('another') }) },
    };
    expect(ledger.sealAll([draft, other])).toBeUndefined();
    // Its key is of another class than the one that was made.
    const personal = [{ ...draft.personal[0], retention: 'case' as const }];
    expect(ledger.sealAll([{ ...draft, personal }])).toBeUndefined();
  });
});

describe('the sequencer', () => {
  test('brings 300 entries of 30 writers under signed checkpoints, each once', async () => {
    const ledger = await start();
    const ids = await Promise.all(
      Array.from({ length: 30 }, async (_, writer) => {
        const own: string[] = [];
        for (let turn = 0; turn < 10; turn += 1) {
          const id = await recordOne(ledger, `${writer}/${turn}`);
          await ledger.durable(id);
          own.push(id);
        }
        return own;
      }),
    );
    const { rows, verdict } = await verifyAll();
    expect(verdict).toMatchObject({ ok: true, entryCount: 301 });
    const logged = rows.slice(1).map((row) => row.evidence_id);
    expect(logged.sort()).toEqual(ids.flat().sort());
    expect(await ledger.check()).toEqual([]);
  });

  test('takes an entry in that nobody waits for', async () => {
    const ledger = await start();
    await recordOne(ledger);
    await expect.poll(() => ledger.health().size).toBe(2);
  });

  test('leaves no evidence of a transaction that was rolled back', async () => {
    const ledger = await start();
    const rolledBack = storage.transaction(async (tx) => {
      await ledger.record(tx, {
        kind: 'interaction.started',
        subjects: { actor: testId('stf') },
        personal: [{ subject: testId('cus'), retention: 'case', fields: { name: 'Paula' } }],
      });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await ledger.durable(await recordOne(ledger));
    const { rows } = await verifyAll();
    expect(rows.map((row) => row.kind)).toEqual(['log.created', 'interaction.started']);
    for (const table of ['ledger_disclosures', 'ledger_keys', 'ledger_pseudonyms'] as const) {
      expect(await tables(storage.db).selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  test('takes in an entry that was recorded earlier and committed later', async () => {
    const clockMs = { now: Date.UTC(2026, 10, 2) };
    const clock = { now: () => clockMs.now };
    const late = testLedger(storage, { clock });
    const ledger = await start({ clock: { now: () => clockMs.now + 60_000 } });
    await ledger.durable(await recordOne(ledger, 'second'));
    // Its id and its ordinal are a minute older than what is in the log.
    const id = await recordOne(late, 'first');
    await expect(ledger.durable(id)).resolves.toEqual({ index: 2 });
  });

  test('keeps causes before what they led to, within one transaction and one millisecond', async () => {
    const ledger = await start({ clock: { now: () => Date.UTC(2026, 10, 2) } });
    for (let turn = 0; turn < 10; turn += 1) {
      const last = await storage.transaction(async (tx) => {
        const cause = await ledger.record(tx, { kind: 'interaction.started' });
        return ledger.record(tx, { kind: 'interaction.ended', causes: [cause] });
      });
      await ledger.durable(last);
    }
    const { rows } = await verifyAll();
    const indexes = new Map(rows.map((row) => [row.evidence_id, row.idx]));
    for (const row of rows) {
      const entry = parseEntry(row.leaf);
      for (const cause of entry.ok ? entry.value.causes : []) {
        expect(indexes.get(cause)).toBeLessThan(row.idx);
      }
    }
  });

  test('only ever adds: every checkpoint is consistent with the next', async () => {
    const mark = memoryMark();
    const ledger = await start({ mark });
    const notes: string[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      await ledger.durable(await recordOne(ledger));
      notes.push(mark.current()!);
    }
    const { key, rows } = await verifyAll();
    expect(rows).toHaveLength(21);
    const context = createContext(testDeps(storage));
    for (const [at, older] of notes.slice(0, -1).entries()) {
      const size = Number(older.split('\n')[1]);
      const newer = notes[at + 1]!;
      const reader = createTreeReader(context, Number(newer.split('\n')[1]));
      const proof = await reader.consistencyProof(size);
      expect(verifyGrowth({ older, newer, proof, key })).toBe(true);
    }
  });

  test('takes nothing in twice after a crash between the commit and the emptying of the outbox', async () => {
    const mark = memoryMark();
    const recorder = await start({ mark });
    await recorder.stop();
    const id = await recordOne(recorder);
    const waiting = await tables(storage.db).selectFrom('ledger_outbox').selectAll().execute();
    const ledger = await start({ mark });
    await ledger.durable(id);
    await ledger.stop();
    await tables(storage.db).insertInto('ledger_outbox').values(waiting).execute();
    const again = await start({ mark });
    await again.durable(await recordOne(again));
    // An entry is durable before it has left the outbox: the turn is to be over.
    await again.stop();
    const { rows, verdict } = await verifyAll();
    expect(verdict.ok).toBe(true);
    expect(rows.filter((row) => row.evidence_id === id)).toHaveLength(1);
    expect(await tables(storage.db).selectFrom('ledger_outbox').selectAll().execute()).toEqual([]);
  });

  test('lets many writers meet new and known subjects at once', async () => {
    const ledger = await start();
    const customers = Array.from({ length: 8 }, () => testId('cus'));
    const actor = testId('stf');
    await Promise.all(
      Array.from({ length: 24 }, async (_, writer) => {
        for (let turn = 0; turn < 4; turn += 1) {
          const customer = customers[(writer + turn) % customers.length]!;
          const id = await storage.transaction((tx) =>
            ledger.record(tx, {
              kind: 'decision.made',
              subjects: { actor, customer },
              personal: [{ subject: customer, retention: 'case', fields: { name: 'Paula' } }],
            }),
          );
          await ledger.durable(id);
        }
      }),
    );
    const { rows, verdict } = await verifyAll();
    expect(verdict).toMatchObject({ ok: true, entryCount: 97 });
    const subjects = new Set(
      rows.flatMap((row) => {
        const entry = parseEntry(row.leaf);
        return entry.ok ? Object.values(entry.value.subjects) : [];
      }),
    );
    expect(subjects.size).toBe(9);
    expect(await ledger.check()).toEqual([]);
  });

  test('remembers no pseudonym and no key of a transaction that was rolled back', async () => {
    const ledger = await start();
    const customer = testId('cus');
    const draft = {
      kind: 'decision.made',
      subjects: { customer },
      personal: [{ subject: customer, retention: 'case', fields: { name: 'Paula' } }],
    } as const;
    const rolledBack = storage.transaction(async (tx) => {
      await ledger.record(tx, draft);
      // In the same transaction the first one's rows are there and are used.
      await ledger.record(tx, draft);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    for (let turn = 0; turn < 3; turn += 1) {
      await ledger.durable(await storage.transaction((tx) => ledger.record(tx, draft)));
    }
    const pseudonyms = await tables(storage.db)
      .selectFrom('ledger_pseudonyms')
      .selectAll()
      .execute();
    expect(pseudonyms.map((row) => row.subject_id)).toEqual([customer]);
    expect(await ledger.check()).toEqual([]);
  });

  test('refuses durability after its limit, and at once when it was stopped', async () => {
    const ledger = await start({ durableLimitMs: 50 });
    await expect(ledger.durable(testId('evt'))).rejects.toThrow(ProblemError);
    await ledger.stop();
    await expect(ledger.durable(await recordOne(ledger))).rejects.toMatchObject({
      code: 'evidence.unavailable',
    });
  });

  test('answers for an entry that was in the log before it was asked', async () => {
    const ledger = await start();
    const id = await recordOne(ledger);
    await ledger.durable(id);
    await expect(ledger.durable(id)).resolves.toEqual({ index: 1 });
  });

  test('shares a log with a second sequencer: no fork, no loss, no entry twice', async () => {
    const one = await start();
    const two = await start({ mark: memoryMark(await headNote()) });
    const ids = await Promise.all(
      Array.from({ length: 60 }, (_, at) => recordOne(at % 2 ? one : two, String(at))),
    );
    await Promise.all(ids.map((id, at) => (at % 3 ? one : two).durable(id)));
    const { verdict, rows } = await verifyAll();
    expect(verdict).toMatchObject({ ok: true, entryCount: 61 });
    expect(new Set(rows.map((row) => row.evidence_id)).size).toBe(61);
    expect([one.health().state, two.health().state]).toEqual(['running', 'running']);
    expect(await one.check()).toEqual([]);
  });

  test('signs nothing more when the head is moved back under it', async () => {
    const ledger = await start();
    const old = await tables(storage.db).selectFrom('ledger_head').selectAll().executeTakeFirst();
    await ledger.durable(await recordOne(ledger));
    await ledger.durable(await recordOne(ledger));
    await tables(storage.db).updateTable('ledger_head').set(old!).execute();
    await expect(ledger.durable(await recordOne(ledger))).rejects.toMatchObject({
      code: 'evidence.unavailable',
    });
    expect(ledger.health()).toMatchObject({ state: 'failed', size: 3 });
    expect(ledger.health().reason).toContain('log.rolled-back');
  });

  test('signs nothing that was slipped into the outbox', async () => {
    const ledger = await start();
    const id = testId('evt');
    const leaf = JSON.stringify({ v: 1, id });
    await tables(storage.db)
      .insertInto('ledger_outbox')
      .values({ tenant: 'acme', ordinal: 1, evidence_id: id, leaf, mac: 'AAAA' })
      .execute();
    await expect.poll(() => ledger.health().state).toBe('failed');
    expect((await verifyAll()).verdict.ok).toBe(true);
  });

  test('signs nothing that it recorded itself and that was changed in the outbox', async () => {
    const ledger = testLedger(storage);
    started.push(ledger);
    await recordOne(ledger, 'true');
    const row = await tables(storage.db)
      .selectFrom('ledger_outbox')
      .select('leaf')
      .executeTakeFirstOrThrow();
    const leaf = row.leaf.replace('"true"', '"fair"');
    await tables(storage.db).updateTable('ledger_outbox').set({ leaf }).execute();
    await ledger.start();
    await expect.poll(() => ledger.health().state).toBe('failed');
    const inLog = await tables(storage.db).selectFrom('ledger_entries').select('leaf').execute();
    expect(inLog.map((entry) => entry.leaf)).not.toContain(leaf);
  });

  test('goes on after a fault of the mark, and shows no checkpoint before the mark has it', async () => {
    const inner = memoryMark();
    let broken = false;
    const faults: string[] = [];
    const ledger = await start({
      mark: {
        read: () => inner.read(),
        write: async (note) => {
          if (broken) throw new Error('disk full');
          await inner.write(note);
        },
      },
      onFault: ({ reason }) => faults.push(reason),
    });
    await expect.poll(() => ledger.health().size).toBe(1);
    broken = true;
    const id = await recordOne(ledger);
    const durable = ledger.durable(id);
    await expect.poll(() => faults.length).toBeGreaterThan(0);
    expect(ledger.health()).toMatchObject({ state: 'running', size: 1 });
    broken = false;
    await expect(durable).resolves.toEqual({ index: 1 });
  });
});

async function headNote(): Promise<string> {
  const head = await tables(storage.db).selectFrom('ledger_head').selectAll().executeTakeFirst();
  return head!.checkpoint;
}
