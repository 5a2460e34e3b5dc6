import { parseEntry, parseVerifierKey, verifyLog } from '@proofline/evidence';
import { fixedClock } from '@proofline/kernel';
import { migrations } from '@proofline/ledger';
import { memoryMark, testLedger } from '@proofline/ledger/testing';
import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { openTestStorage } from '../harness/open-test-storage.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

// The log's order is that of its indexes; what a clock says is only what it said.
it('a clock that is a day ahead, and then a day behind, leaves no gap, no fork and no lie about the order', async () => {
  const clock = fixedClock();
  const storage = await openTestStorage(migrations, { clock });
  const mark = memoryMark();
  const ids: string[] = [];
  for (const jumpMs of [0, DAY_MS, -2 * DAY_MS, DAY_MS]) {
    clock.advance(jumpMs);
    // A server that is started anew under the other time, as well as one that runs on.
    const ledger = testLedger(storage, { clock, mark });
    await ledger.start();
    for (const stepMs of [1, DAY_MS, -DAY_MS]) {
      clock.advance(stepMs);
      const draft = { kind: 'interaction.started' as const, causes: ids.slice(-1) as never };
      const id = await storage.transaction((tx) => ledger.record(tx, draft));
      expect(await ledger.durable(id)).toEqual({ index: ids.push(id) });
    }
    expect(ledger.health().state).toBe('running');
    expect(await ledger.check()).toEqual([]);
    await ledger.stop();
  }
  const { rows } = await sql<{
    leaf: string;
  }>`select leaf from ledger_entries order by idx`.execute(storage.db);
  const entries = rows
    .map(({ leaf }) => parseEntry(leaf))
    .flatMap((one) => (one.ok ? [one.value] : []));
  const key = parseVerifierKey(String(entries[0]?.facts['verifierKey']))!;
  const leaves = rows.map(({ leaf }) => leaf);
  expect(verifyLog(leaves, mark.current() ?? '', key)).toMatchObject({ ok: true, entryCount: 13 });
  // The times are told as they were.
  const times = entries.map(({ at }) => at);
  expect(times).not.toEqual(times.toSorted());
  await storage.close();
});
