import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canMountImages } from './disk-image.ts';
import { faultEngines } from './fault-engines.ts';
import { cutRounds, killRounds } from './fault-rounds.ts';
import { findLosses } from './find-losses.ts';
import { startWriter } from './writer-process.ts';

// A sample: `npm run faults` goes through a hundred of each, on PostgreSQL too.
const KILLS = 3;
const CUTS = 2;

const [embedded] = faultEngines();

// P3: what was acknowledged is there after a fault at any moment, and so is its evidence. One
// database lives through all rounds, so every start is a recovery from the last fault.
describe('whoever writes evidence', () => {
  it(`loses nothing that was acknowledged, in ${KILLS} kills`, { timeout: 300_000 }, async () => {
    const report = await killRounds({ engine: embedded!, rounds: KILLS });
    expect(report.problems).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(KILLS * 10);
    expect(report.entries).toBeGreaterThanOrEqual(report.acknowledged);
  });

  it.skipIf(!canMountImages())(
    `loses nothing that was acknowledged, in ${CUTS} power cuts (root only)`,
    { timeout: 300_000 },
    async () => {
      const report = await cutRounds({ engine: embedded!, rounds: CUTS });
      expect(report.problems).toEqual([]);
      expect(report.acknowledged).toBeGreaterThan(CUTS * 10);
    },
  );

  it.each([
    ['the disk no longer syncs', 'EIO'],
    ['the database’s thread ends', 'exit'],
  ])(
    'acknowledges nothing more when %s, ends, and comes back whole',
    { timeout: 300_000 },
    async (_, fault) => {
      const directory = mkdtempSync(join(tmpdir(), 'proofline-broken-'));
      const file = join(directory, 'fault');
      process.env['PROOFLINE_FAULT_FILE'] = file;
      try {
        const preload = join(import.meta.dirname, 'broken-fsync.ts');
        const writer = startWriter({ directory, round: 1, preload });
        await writer.underWay;
        writeFileSync(file, fault);
        // By itself: nobody has to find it hanging.
        expect(await writer.ended).toBe(1);
        const { heard: acknowledged } = writer;
        expect(acknowledged.length).toBeGreaterThan(10);
        const { problems } = await findLosses({ directory }, { acknowledged, log: undefined });
        expect(problems).toEqual([]);
      } finally {
        delete process.env['PROOFLINE_FAULT_FILE'];
        rmSync(directory, { recursive: true, force: true });
      }
    },
  );
});
