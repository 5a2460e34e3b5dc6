import {
  checkTiles,
  openCheckpoint,
  parseEntryBundle,
  parseHashTile,
  parseVerifierKey,
  sameHash,
  leafHash,
  tilesOfLevel,
  writeTilePath,
} from '@proofline/evidence';
import { fixedClock } from '@proofline/kernel';
import { openLogReading, type Call, type Reply } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations, type Ledger } from '../index.ts';
import { tables } from '../store/tables.ts';
import { testId, testLedger } from '../testing/index.ts';

const ENTRIES = 700;

let storage: Storage;
let ledger: Ledger;
let mayStillRead = true;
const clock = fixedClock();

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  ledger = testLedger(storage, { clock, mayStillRead: async () => mayStillRead });
  await ledger.start();
  const drafts = Array.from({ length: ENTRIES - 1 }, (_, at) => ({
    kind: 'interaction.started' as const,
    facts: { at },
  }));
  const ids = await storage.transaction((tx) => ledger.recordAll(tx, drafts));
  await ledger.durable(ids.at(-1)!);
});
afterAll(async () => {
  await ledger.stop();
  await storage.close();
});
beforeEach(() => {
  mayStillRead = true;
});

const text = async (path: string) =>
  Buffer.from((await ledger.files.find(path, undefined))!.bytes).toString();

/** What the auditor's console is given for a purpose. */
async function openReading(): Promise<Reply<typeof openLogReading>> {
  const { handler } = ledger.routes.find(({ route }) => route === openLogReading)!;
  const call: Partial<Call<typeof openLogReading>> = {
    body: { purpose: 'the yearly audit' },
    caller: { kind: 'staff', subjectId: testId('stf'), sessionId: testId('ses'), roles: [] },
    decision: { evidenceId: testId('evt') } as Call<typeof openLogReading>['decision'], // all that is read
  };
  // As the edge calls it, after validation.
  return (await handler(call as never)) as Reply<typeof openLogReading>;
}

const stretchesRead = async () =>
  (
    await tables(storage.db)
      .selectFrom('ledger_entries')
      .select('leaf')
      .where('kind', '=', 'evidence.log-read')
      .execute()
  ).map(({ leaf }): unknown => JSON.parse(leaf).facts);

describe('a client that knows nothing but tiles', () => {
  test('computes the root of the published checkpoint from the hashes, and it is the same', async () => {
    const { verifierKey } = await openReading();
    const checkpoint = openCheckpoint(await text('checkpoint'), parseVerifierKey(verifierKey)!)!;
    expect(checkpoint.size).toBeGreaterThanOrEqual(ENTRIES);
    const { root, faults, tileCount } = await checkTiles(checkpoint.size, async (tile) => {
      const file = await ledger.files.find(writeTilePath(tile), undefined);
      return file && parseHashTile(file.bytes, tile.width);
    });
    expect(faults).toEqual([]);
    expect(tileCount).toBe(4);
    expect(sameHash(root!, checkpoint.root)).toBe(true);
  });

  test('reads every entry with a pass, each of the hash that stands in its tile', async () => {
    const { pass, verifierKey } = await openReading();
    const { size } = openCheckpoint(await text('checkpoint'), parseVerifierKey(verifierKey)!)!;
    const leaves: Uint8Array[] = [];
    for (const tile of tilesOfLevel('entries', size)) {
      const file = await ledger.files.find(writeTilePath(tile), pass);
      leaves.push(...(parseEntryBundle(file!.bytes, tile.width) ?? []));
      const hashes = await ledger.files.find(writeTilePath({ ...tile, level: 0 }), undefined);
      const expected = parseHashTile(hashes!.bytes, tile.width)!;
      const got = leaves.slice(-tile.width).map(leafHash);
      expect(got.every((hash, at) => sameHash(hash, expected[at]!))).toBe(true);
    }
    expect(leaves).toHaveLength(size);
    expect(JSON.parse(Buffer.from(leaves[0]!).toString())).toMatchObject({ kind: 'log.created' });
  });

  test('is answered nothing beyond the published checkpoint, and no tile that is not there', async () => {
    const { size } = ledger.health();
    const width = size % 256;
    expect(await ledger.files.find(`tile/0/002.p/${width}`, undefined)).toBeDefined();
    // An earlier checkpoint asked for fewer; those are still the same.
    expect((await ledger.files.find('tile/0/002.p/1', undefined))?.lasts).toBe(true);
    for (const path of [
      `tile/0/002.p/${width + 1}`,
      'tile/0/002',
      'tile/0/003',
      'tile/1/000.p/3',
      'tile/2/000.p/1',
      'tile/63/000.p/1',
      'tile/0/x999/999',
      'tile/entries',
      '',
      'checkpoint/',
      'checkpoint.new',
    ]) {
      expect([path, await ledger.files.find(path, undefined)]).toEqual([path, undefined]);
    }
  });
});

describe('entries as tiles', () => {
  const bundle = 'tile/entries/000';

  test('are for nobody without a pass, nor with one that is forged, over, or of an ended session', async () => {
    const { pass } = await openReading();
    const [claims = '', mac = ''] = pass.split('.');
    const other: unknown = [
      ...JSON.parse(Buffer.from(claims, 'base64url').toString()).slice(0, 3),
      9e15,
    ];
    const longer = Buffer.from(JSON.stringify(other)).toString('base64url');
    await expect(ledger.files.find(bundle, undefined)).rejects.toMatchObject({
      code: 'token.missing',
    });
    for (const bad of ['', 'x', claims, `${claims}.`, `${longer}.${mac}`, `${pass}.`, `${pass}A`]) {
      await expect(ledger.files.find(bundle, bad)).rejects.toMatchObject({
        code: 'token.invalid',
      });
    }
    expect(await ledger.files.find(bundle, pass)).toBeDefined();
    mayStillRead = false;
    await expect(ledger.files.find(bundle, pass)).rejects.toMatchObject({ code: 'token.invalid' });
    mayStillRead = true;
    clock.advance(3_600_000);
    await expect(ledger.files.find(bundle, pass)).rejects.toMatchObject({ code: 'token.invalid' });
  });

  test('are told of in the log before they are answered: once for a stretch and a reading', async () => {
    const before = await stretchesRead();
    const { pass } = await openReading();
    expect(await stretchesRead()).toEqual(before);
    await Promise.all([
      ledger.files.find(bundle, pass),
      ledger.files.find('tile/entries/001', pass),
      ledger.files.find('tile/entries/002.p/1', pass),
    ]);
    const stretch = { firstIndex: 0, lastIndex: 16_383 };
    expect(await stretchesRead()).toEqual([...before, stretch]);
    const again = await openReading();
    await ledger.files.find(bundle, again.pass);
    expect(await stretchesRead()).toEqual([...before, stretch, stretch]);
  });

  test('are not answered where that cannot be written', async () => {
    const { pass } = await openReading();
    await ledger.stop();
    await expect(ledger.files.find(bundle, pass)).rejects.toMatchObject({
      code: 'evidence.unavailable',
    });
    await ledger.start();
    expect(await ledger.files.find(bundle, pass)).toBeDefined();
  });
});
