import {
  leafHash,
  openTlogProof,
  parseVerifierKey,
  sameHash,
  type VerifierKey,
} from '@proofline/evidence';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations, receiptText, type EvidenceDraft, type Ledger, type Receipt } from './index.ts';
import { tables } from './store/tables.ts';
import { memoryMark, testId, testLedger } from './testing/index.ts';

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

const subject = testId('stf');
const draft: EvidenceDraft = {
  kind: 'interaction.started',
  subjects: { actor: subject },
  personal: [{ subject, retention: 'access', fields: { note: 'a call', number: '5' } }],
};

const leaves = async (): Promise<string[]> =>
  (
    await tables(storage.db).selectFrom('ledger_entries').select('leaf').orderBy('idx').execute()
  ).map(({ leaf }) => leaf);

async function keyOfLog(): Promise<VerifierKey> {
  const [first = ''] = await leaves();
  return parseVerifierKey(JSON.parse(first).facts.verifierKey)!;
}

/** As whoever keeps the receipt checks it, with the log’s key and nothing else. */
function holds(receipt: Receipt, key: VerifierKey): boolean {
  return openTlogProof(receiptText(receipt), { leafHash: receipt.leafHash, key }) !== undefined;
}

describe('an entry that changes nothing besides the log', () => {
  test('is acknowledged with a proof that holds, many at once, each in its place', async () => {
    const ledger = await start();
    const first = await ledger.append(draft);
    // The subject is known now: from here on nothing goes by the outbox.
    const receipts = await Promise.all(Array.from({ length: 300 }, () => ledger.append(draft)));
    const key = await keyOfLog();
    expect([first, ...receipts].every((receipt) => holds(receipt, key))).toBe(true);
    const stored = await leaves();
    for (const receipt of receipts) {
      const leaf = stored[receipt.index]!;
      expect(JSON.parse(leaf).id).toBe(receipt.evidenceId);
      expect(sameHash(leafHash(leaf), receipt.leafHash)).toBe(true);
    }
    expect(new Set(receipts.map(({ index }) => index)).size).toBe(300);
    // One turn takes what waits: these share checkpoints.
    expect(new Set(receipts.map(({ checkpoint }) => checkpoint)).size).toBeLessThan(30);
    expect(await ledger.check()).toEqual([]);
    expect(await tables(storage.db).selectFrom('ledger_outbox').selectAll().execute()).toEqual([]);
  });

  test('comes in beside what is recorded with a change, and after its cause', async () => {
    const ledger = await start();
    await ledger.append(draft);
    const cause = await storage.transaction((tx) => ledger.record(tx, draft));
    const effect = await ledger.append({ ...draft, causes: [cause] });
    const receipt = await ledger.logged(cause);
    expect(receipt.index).toBeLessThan(effect.index);
    const key = await keyOfLog();
    expect(holds(receipt, key) && holds(effect, key)).toBe(true);
    // And again much later, when its turn is long forgotten.
    await Promise.all(Array.from({ length: 20 }, () => ledger.append(draft)));
    expect(holds(await ledger.logged(cause), key)).toBe(true);
  });

  test('survives a rival sequencer: each is in the log once, with a proof that holds', async () => {
    const mark = memoryMark();
    const one = await start({ mark });
    const two = await start({ mark });
    await one.append(draft);
    await two.append(draft);
    const receipts = await Promise.all(
      Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? one : two).append(draft)),
    );
    const key = await keyOfLog();
    expect(receipts.every((receipt) => holds(receipt, key))).toBe(true);
    expect(new Set(receipts.map(({ index }) => index)).size).toBe(60);
    const ids = (await leaves()).map((leaf): unknown => JSON.parse(leaf).id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await one.check()).toEqual([]);
  });

  test('is in the log once where its commit was not answered', async () => {
    let isLost = false;
    const lossy: Storage = {
      ...storage,
      async transaction(work) {
        const done = await storage.transaction(work);
        if (!isLost) return done;
        isLost = false;
        throw new Error('the connection was lost at the commit');
      },
    };
    const ledger = testLedger(lossy);
    await ledger.start();
    started.push(ledger);
    await ledger.append(draft);
    const before = (await leaves()).length;
    isLost = true;
    const receipt = await ledger.append(draft);
    expect(isLost).toBe(false);
    expect(holds(receipt, await keyOfLog())).toBe(true);
    expect(await leaves()).toHaveLength(before + 1);
    expect(await ledger.check()).toEqual([]);
  });

  test('is not acknowledged before its checkpoint is on the mark, nor when the sequencer has ended', async () => {
    const mark = memoryMark();
    const faults: string[] = [];
    let isBroken = false;
    const ledger = await start({
      durableLimitMs: 10_000,
      mark: {
        ...mark,
        write: (note) => (isBroken ? Promise.reject(new Error('full')) : mark.write(note)),
      },
      onFault: ({ reason }) => faults.push(reason),
    });
    await ledger.append(draft);
    isBroken = true;
    let isDone = false;
    const waiting = ledger.append(draft).then((receipt) => {
      isDone = true;
      return receipt;
    });
    await expect.poll(() => faults.length).toBeGreaterThan(2);
    expect(isDone).toBe(false);
    isBroken = false;
    const { checkpoint } = await waiting;
    expect(mark.current()).toBe(checkpoint);
    await ledger.stop();
    await expect(ledger.append(draft)).rejects.toMatchObject({ code: 'evidence.unavailable' });
  });

  test('names no person in clear', async () => {
    const ledger = await start();
    await expect(ledger.append({ ...draft, facts: { who: subject } })).rejects.toThrow(RangeError);
  });
});
