import { createFeedCheck, erasureKinds, logSigner, type FeedVerdict } from '@proofline/evidence';
import { fixedClock, type Id } from '@proofline/kernel';
import { evidenceKindNames } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { createContext, type Context } from '../context.ts';
import { migrations, ReceiverFault, type EvidenceDraft, type Ledger } from '../index.ts';
import { testDeps, testId, testLedger } from '../testing/index.ts';
import { createReceivers } from './create-receivers.ts';
import { receiverForms } from './forms/write-records.ts';
import type { Receiver } from './receiver.ts';
import { sendPage } from './sending/send-page.ts';

let storage: Storage;
let ledger: Ledger;
let clock: ReturnType<typeof fixedClock>;
const stopping = new AbortController().signal;
const { origin, signingSeed } = testDeps(undefined as never); // nothing of it asks for a storage
const trustedKey = logSigner(origin, signingSeed).key.text;
/** What must never go out: everything that was handed over as personal, and every id of a person. */
const personal = new Set<string>();

const secret = fc
  .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
  .map((text) => `§${text}§`);
const drafts: fc.Arbitrary<EvidenceDraft> = fc
  .record({
    kind: fc.constantFrom(...evidenceKindNames),
    role: fc.constantFrom('actor', 'customer', 'agent'),
    fields: fc.dictionary(fc.constantFrom('name', 'email', 'purpose', 'iban'), secret),
    because: fc.string({ maxLength: 20 }),
  })
  .map(({ because, fields, kind, role }) => {
    const subject = testId(role === 'customer' ? 'cus' : 'stf');
    for (const value of [subject, ...Object.values(fields)]) personal.add(value);
    return {
      kind,
      subjects: { [role]: subject },
      refs: { sessionId: testId('ses') },
      facts: { because },
      personal: [{ subject, retention: 'case' as const, fields }],
    };
  });

/** Records so many, and waits for the last. */
async function record(count: number, seed: number): Promise<void> {
  const made = fc.sample(drafts, { numRuns: count, seed });
  const ids = await storage.transaction((tx) => ledger.recordAll(tx, made));
  // As many as were asked for.
  await ledger.durable(ids.at(-1) as Id<'evt'>);
}

function receiver(change: Partial<Receiver> = {}): Receiver & { readonly got: string[] } {
  const got: string[] = [];
  return {
    name: `r-${Math.trunc(clock.now())}-${(number += 1)}`,
    form: 'ndjson',
    from: 'beginning',
    target: 'memory',
    transmit: async (records) => void got.push(...records),
    ...change,
    got,
  };
}
let number = 0;

const context = (): Context => createContext({ ...testDeps(storage), clock });
const head = async () => (await context().rows.head.find(storage.db))!;
const send = async (to: Receiver, of = context()) =>
  sendPage(of, to, { head: await head(), stopping });
async function sendAll(to: Receiver): Promise<void> {
  while ((await send(to)) === 'more');
}
function judge(lines: readonly string[], known?: string): FeedVerdict {
  const check = createFeedCheck({
    trustedKey,
    ...(known !== undefined && { knownCheckpoint: known }),
  });
  for (const line of lines) check.take(line);
  return check.finish();
}
const statusOf = async (...receivers: Receiver[]) => {
  const made = { ...context(), receivers };
  const { size, ...rest } = await head();
  return createReceivers(made, { published: () => ({ size, ...rest }) }, ledger).statuses();
};

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  ledger = testLedger(storage);
  clock = fixedClock(Date.UTC(2026, 10, 22));
  await ledger.start();
  await record(600, 1);
});
afterAll(async () => {
  await ledger.stop();
  await storage.close();
});

describe('a receiver', () => {
  test('gets every entry with the checkpoint that covers it, and goes on where it was', async () => {
    const to = receiver();
    expect(await send(to)).toBe('more');
    // A page is bounded; what the checkpoint behind it covers and is not here yet is missing so far.
    expect(judge(to.got).missing).toEqual([{ start: 500, end: (await head()).size }]);
    await sendAll(to);
    const { checkpoint, size } = await head();
    const counts = { entries: size, erased: 0, passedOver: 0 };
    expect(judge(to.got, checkpoint)).toMatchObject({ ok: true, start: 0, counts });
    await record(3, 2);
    expect(judge(to.got, (await head()).checkpoint).faults.join()).toContain('the last 3 were');
    await sendAll(to);
    expect(judge(to.got, (await head()).checkpoint).ok).toBe(true);
    expect(to.got).toHaveLength(size + 3 + 3);
    expect(await send(to)).toBe('idle');
  });

  test('that begins now, or asks for some kinds, can still prove that nothing is missing', async () => {
    const begins = receiver({ from: 'now' });
    expect(await send(begins)).toBe('idle');
    const some = receiver({ kinds: ['evidence.read', 'decision.made'] });
    const { size } = await head();
    await record(5, 3);
    await sendAll(begins);
    await sendAll(some);
    expect(judge(begins.got)).toMatchObject({ ok: true, start: size, counts: { entries: 5 } });
    const { counts, ok } = judge(some.got);
    expect([ok, counts.entries + counts.passedOver]).toEqual([true, size + 5]);
    expect(counts.entries).toBeGreaterThan(0);
    const kinds = some.got.flatMap((line) => /\\"kind\\":\\"([^\\]+)/.exec(line)?.[1] ?? []);
    // Erasures go to everybody: a hole that none explains would be a fault.
    const asked = ['evidence.read', 'decision.made', ...erasureKinds];
    expect(new Set(kinds)).toEqual(new Set(asked));
  });

  test.each(receiverForms)('is told nothing personal, as %s', async (form) => {
    const to = receiver({ form });
    await sendAll(to);
    const text = to.got.join('\n');
    expect(text.length).toBeGreaterThan(100_000);
    expect(personal.size).toBeGreaterThan(600);
    // Escaped or not, in one alphabet or another.
    const told = text + Buffer.from(text).toString('base64');
    const leaked = [...personal].filter(
      (value) => told.includes(value) || told.includes(JSON.stringify(value).slice(1, -1)),
    );
    expect(leaked).toEqual([]);
    expect(text).not.toMatch(/\b(?:stf|cus)_[0-9a-z]{26}/);
  });
});

describe('whatever a receiver does', () => {
  test('it is sent the page again, later and later, and is told of; the others do not wait', async () => {
    let isUp = false;
    const to = receiver({
      name: 'often-gone',
      transmit: async (records) => {
        to.got.push(...records);
        if (!isUp) throw new ReceiverFault('It answered with 503.');
      },
    });
    const other = receiver();
    await send(to);
    await sendAll(other);
    expect(judge(other.got).ok).toBe(true);
    expect(await statusOf(to)).toMatchObject([
      { name: 'often-gone', nextIndex: 0, attempts: 1, fault: 'It answered with 503.' },
    ]);
    const sent = to.got.length;
    expect([await send(to), to.got.length]).toEqual(['idle', sent]);
    clock.advance(1_001);
    await send(to);
    expect(await statusOf(to)).toMatchObject([{ attempts: 2, failingSince: expect.any(String) }]);
    clock.advance(1_001);
    expect([await send(to), to.got.length]).toEqual(['idle', 2 * sent]);
    clock.advance(1_001);
    isUp = true;
    await sendAll(to);
    const [well] = await statusOf(to);
    expect(well).toMatchObject({ attempts: 0, behind: 0, nextIndex: (await head()).size });
    expect(well).not.toHaveProperty('fault');
    // What came three times counts once.
    expect(judge(to.got).ok).toBe(true);
  });

  test('what it says itself is not kept', async () => {
    const to = receiver({
      transmit: () => Promise.reject(new Error('<script>my secret</script>')),
    });
    await send(to);
    const [status] = await statusOf(to);
    expect(status?.fault).toBe('It could not be read from the log, or not be sent.');
  });

  test('of two processes one sends a page; when it dies, the other does, and its word counts', async () => {
    const held = Promise.withResolvers<void>();
    let calls = 0;
    const to = receiver({
      transmit: async () => {
        calls += 1;
        if (calls === 1) await held.promise;
      },
    });
    const first = send(to);
    await expect.poll(() => calls).toBe(1);
    expect([await send(to), calls]).toEqual(['idle', 1]);
    clock.advance(60_001);
    expect([await send(to), calls]).toEqual(['more', 2]);
    const [before] = await statusOf(to);
    expect(before?.nextIndex).toBe(500);
    held.resolve();
    expect(await first).toBe('idle');
    expect(await statusOf(to)).toEqual([before]);
  });

  test('the process stops, however long it holds a page', async () => {
    let calls = 0;
    const transmit = () => {
      calls += 1;
      return new Promise<void>(() => undefined);
    };
    const to = receiver({ name: 'never-ends', transmit });
    const made = { ...context(), receivers: [to] };
    const at = await head();
    const receivers = createReceivers(made, { published: () => at }, ledger);
    receivers.start();
    await expect.poll(() => calls).toBe(1);
    await receivers.stop();
    expect(await statusOf(to)).toMatchObject([{ nextIndex: 0 }]);
  });
});

test('who is sent the log stands in the log, before anything is sent, and once', async () => {
  const told = async () => {
    const { size } = await head();
    const rows = await context().rows.entries.range(storage.db, 0, size);
    const entries = rows.filter(({ leaf }) => leaf.includes('"receiver":"partner"'));
    return entries.map(({ kind, leaf }) => [kind, /"target":"[^"]+"/.exec(leaf)?.[0]]);
  };
  const starting = async (...receivers: Receiver[]) => {
    const at = await head();
    const made = createReceivers({ ...context(), receivers }, { published: () => at }, ledger);
    made.start();
    return made;
  };
  const partner = receiver({ name: 'partner', target: 'https://partner.example' });
  for (const again of [1, 2]) {
    const made = await starting(partner);
    await expect.poll(() => partner.got.length).toBeGreaterThan(600 * again - 600);
    await made.stop();
  }
  const moved = await starting({ ...partner, target: 'https://elsewhere.example' });
  await expect.poll(told).toHaveLength(2);
  await moved.stop();
  const without = await starting();
  await expect.poll(told).toEqual([
    ['evidence.receiver-set', '"target":"https://partner.example"'],
    ['evidence.receiver-set', '"target":"https://elsewhere.example"'],
    ['evidence.receiver-removed', undefined],
  ]);
  await without.stop();
});

test('what was altered in the database does not go out', async () => {
  const to = receiver();
  const altered = { ...context() };
  const { range } = altered.rows.entries;
  altered.rows.entries.range = async (...asked) =>
    (await range(...asked)).map((row) =>
      row.index === 7 ? { ...row, leaf: row.leaf.replace('because', 'becuase') } : row,
    );
  expect(await send(to, altered)).toBe('idle');
  altered.rows.entries.range = async (...asked) =>
    (await range(...asked)).filter(({ index }) => index !== 7);
  clock.advance(10_000);
  expect(await send(to, altered)).toBe('idle');
  expect(to.got).toEqual([]);
  expect(await statusOf(to)).toMatchObject([{ attempts: 2, nextIndex: 0 }]);
});
