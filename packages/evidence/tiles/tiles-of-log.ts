import { TILE_WIDTH, type TileRef } from './tile-path.ts';

/** How many hashes, or entries, of a tile are in a log of this size; 0: it has no such tile. */
export function filledWidth(tile: Pick<TileRef, 'level' | 'index'>, size: number): number {
  const level = tile.level === 'entries' ? 0 : tile.level;
  const there = Math.floor(size / TILE_WIDTH ** level) - tile.index * TILE_WIDTH;
  return Math.min(Math.max(there, 0), TILE_WIDTH);
}

/**
 * Every tile of one level of a log of this size, in order: full ones, and the partial one at the end.
 *
 * @example `tilesOfLevel(0, 70_000)`: 273 full tiles and one of width 112.
 */
export function* tilesOfLevel(level: TileRef['level'], size: number): Generator<TileRef> {
  for (let index = 0; ; index += 1) {
    const width = filledWidth({ level, index }, size);
    if (width === 0) return;
    yield { level, index, width };
  }
}
