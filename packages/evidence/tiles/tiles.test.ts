import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { treeRoot } from '../tree/compact-range.ts';
import { leafHash, type Hash } from '../tree/hash.ts';
import { checkTiles } from './root-from-tiles.ts';
import { parseEntryBundle, parseHashTile, writeEntryBundle, writeHashTile } from './tile-bytes.ts';
import { parseTilePath, TILE_WIDTH, writeTilePath, type TileRef } from './tile-path.ts';
import { filledWidth, tilesOfLevel } from './tiles-of-log.ts';

describe('the path of a tile', () => {
  // The examples of C2SP tlog-tiles, and the places where the groups begin.
  test.each([
    ['tile/0/x001/x234/067', { level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { level: 0, index: 0, width: 256 }],
    ['tile/0/999.p/255', { level: 0, index: 999, width: 255 }],
    ['tile/1/x001/000', { level: 1, index: 1_000, width: 256 }],
    ['tile/63/000.p/1', { level: 63, index: 0, width: 1 }],
    ['tile/entries/x273/112.p/112', { level: 'entries', index: 273_112, width: 112 }],
  ] as const)('%s is written and read', (path, tile) => {
    expect(writeTilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual(tile);
  });

  test.each([
    'tile',
    'tile/0',
    'tile/0/',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/entry/000',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/001/000',
    'tile/0/x000/001',
    'tile/0/x001',
    'tile/0/001/',
    'tile/0/001.p',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/1/1',
    'tile/0/001.p/1.p/1',
    'tile/0/x001.p/000',
    'tile/0/١٢٣',
    'tile/0/0x1',
    'tile/0/1e3',
    '/tile/0/000',
    'Tile/0/000',
    'tile/0/../0/000',
    `tile/0/${'x999/'.repeat(6)}999`,
    `tile/0/${'x999/'.repeat(5)}999`,
  ])('%s is none', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  test('has one spelling for each tile, and none for anything else', () => {
    const level = fc.oneof(fc.constant('entries' as const), fc.nat(63));
    const tile = fc.record({
      level,
      index: fc.oneof(fc.nat(5_000), fc.nat({ max: 2 ** 45 - 1 })),
      width: fc.integer({ min: 1, max: TILE_WIDTH }),
    });
    fc.assert(
      fc.property(tile, (one: TileRef) => {
        expect(parseTilePath(writeTilePath(one))).toEqual(one);
      }),
      { numRuns: 500, seed: 1 },
    );
  });
});

describe('the tiles of a log', () => {
  test('are those that the specification counts for 70,000 entries, and for 256', () => {
    const widths = (level: number, size: number) =>
      [...tilesOfLevel(level, size)].map(({ width }) => width);
    expect(widths(0, 70_000)).toEqual([...Array.from({ length: 273 }, () => 256), 112]);
    expect(widths(1, 70_000)).toEqual([256, 17]);
    expect(widths(2, 70_000)).toEqual([1]);
    expect(widths(3, 70_000)).toEqual([]);
    expect([widths(0, 256), widths(1, 256)]).toEqual([[256], [1]]);
    expect(filledWidth({ level: 'entries', index: 273 }, 70_000)).toBe(112);
  });

  /** The tiles that a log of these leaves serves, made from nothing but the definition. */
  function tilesOf(leaves: readonly Hash[]): (tile: TileRef) => Promise<Hash[]> {
    return async ({ level, index, width }) => {
      const span = 256 ** Number(level);
      return Array.from({ length: width }, (_, at) => {
        const start = (index * 256 + at) * span;
        return treeRoot(leaves.slice(start, start + span));
      });
    };
  }
  const leavesOf = (size: number) =>
    Array.from({ length: size }, (_, at) => leafHash(`entry ${at}`));

  test.each([0, 1, 2, 255, 256, 257, 511, 512, 700, 65_793])(
    'give the root of %i entries to a client that has nothing else',
    async (size) => {
      const leaves = leavesOf(size);
      const { root, faults } = await checkTiles(size, tilesOf(leaves));
      expect(faults).toEqual([]);
      expect(root).toEqual(treeRoot(leaves));
    },
  );

  test('that contradict each other name the tile; one that is missing gives no root', async () => {
    const honest = tilesOf(leavesOf(600));
    const forged = await checkTiles(600, async (tile) => {
      const hashes = await honest(tile);
      return tile.level === 0 && tile.index === 1 ? [leafHash('x'), ...hashes.slice(1)] : hashes;
    });
    expect(forged.faults).toEqual(['Tile 1 of level 0 does not hash to what stands above it.']);
    const cut = await checkTiles(600, async (tile) => (await honest(tile)).slice(1));
    expect(cut).toMatchObject({ root: undefined, faults: ['Tile 0 of level 0 is missing.'] });
  });
});

describe('the bytes of a tile', () => {
  test('are hashes, or entries behind their lengths, and nothing else', () => {
    const hashes = [leafHash('a'), leafHash('b')];
    const tile = writeHashTile(hashes);
    expect(parseHashTile(tile, 2)?.map((one) => Buffer.from(one))).toEqual(hashes);
    expect(parseHashTile(tile, 3)).toBeUndefined();
    expect(parseHashTile(tile.subarray(1), 2)).toBeUndefined();
    expect(parseHashTile(new Uint8Array(257 * 32), 257)).toBeUndefined();

    const bundle = writeEntryBundle([Buffer.from('one'), new Uint8Array(), Buffer.from('three')]);
    expect(Buffer.from(bundle).toString('hex')).toBe('00036f6e65000000057468726565');
    expect(parseEntryBundle(bundle, 3)?.map((one) => Buffer.from(one).toString())).toEqual([
      'one',
      '',
      'three',
    ]);
    for (const [bytes, width] of [
      [bundle, 2],
      [bundle, 4],
      [bundle.subarray(0, -1), 3],
      [new Uint8Array([...bundle, 0]), 3],
      [new Uint8Array([...bundle, 0, 0]), 3],
      [new Uint8Array(), 0],
    ] as const) {
      expect(parseEntryBundle(bytes, width)).toBeUndefined();
    }
    expect(() => writeEntryBundle([new Uint8Array(65_536)])).toThrow(RangeError);
  });

  test('of any entries are read back as they were', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (given) => {
        const read = parseEntryBundle(writeEntryBundle(given), given.length);
        expect(read?.map((one) => [...one])).toEqual(given.map((one) => [...one]));
      }),
      { numRuns: 100, seed: 2 },
    );
  });
});
