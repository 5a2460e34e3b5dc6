import {
  filledWidth,
  TILE_WIDTH,
  writeEntryBundle,
  writeHashTile,
  type TileRef,
} from '@proofline/evidence';
import type { Context } from '../context.ts';
import { readEntryRow } from '../reading/read-rows.ts';
import { STORED_LEVELS_EVERY } from '../sequencer/sequence-batch.ts';

/** `start` (inclusive) to `end` (exclusive) of a level. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What a tile is made of; `undefined`: a log of this size has no tile so wide there. */
export function stretchOf(tile: TileRef, size: number): Stretch | undefined {
  if (filledWidth(tile, size) < tile.width) return undefined;
  const start = tile.index * TILE_WIDTH;
  return { start, end: start + tile.width };
}

/** A tile of hashes of the log at this size. The stored levels are exactly those that tiles have. */
export async function readHashTile(
  { rows, storage }: Context,
  level: number,
  { start, end }: Stretch,
): Promise<Uint8Array<ArrayBuffer>> {
  const hashes =
    level === 0
      ? await rows.entries.leafHashes(storage.db, start, end)
      : await rows.nodes.hashes(storage.db, level * STORED_LEVELS_EVERY, { start, end });
  if (hashes.length !== end - start) throw new RangeError('a tile of the log is not whole');
  return writeHashTile(hashes);
}

/** A bundle of entries, each checked against its hash. */
export async function readEntryTile(
  { rows, storage }: Context,
  { start, end }: Stretch,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = await rows.entries.range(storage.db, start, end);
  if (found.length !== end - start) throw new RangeError('a bundle of the log is not whole');
  // An erased one stands as an empty entry, so that the others keep their places.
  const texts = found.map((row) => (row.leaf === '' ? '' : readEntryRow(row).row.leaf));
  return writeEntryBundle(texts.map((text) => Buffer.from(text)));
}
