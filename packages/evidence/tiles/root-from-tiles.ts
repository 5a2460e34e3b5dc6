import { foldPeaks, treeRoot } from '../tree/compact-range.ts';
import { sameHash, type Hash } from '../tree/hash.ts';
import { nodesOf, type NodeRef } from '../tree/proof-paths.ts';
import { TILE_WIDTH, type TileRef } from './tile-path.ts';
import { filledWidth, tilesOfLevel } from './tiles-of-log.ts';

/** The hashes of a tile, as they were fetched; `undefined`: they could not be had. */
export type TileSource = (tile: TileRef) => Promise<readonly Hash[] | undefined>;

/** What {@link checkTiles} found. */
export interface TilesVerdict {
  /** The root that the tiles give; `undefined`: not all of them could be had. */
  readonly root: Hash | undefined;
  readonly tileCount: number;
  /** Sentences; each names the tile that it is about. */
  readonly faults: readonly string[];
}

/**
 * Fetches every tile of a log of this size and computes its root from them, as a client does that has
 * nothing else: each hash above level 0 must be the root of the tile that it stands for.
 */
export async function checkTiles(size: number, read: TileSource): Promise<TilesVerdict> {
  const faults: string[] = [];
  const levels: Hash[][] = [];
  let tileCount = 0;
  for (let level = 0; filledWidth({ level, index: 0 }, size) > 0; level += 1) {
    const hashes: Hash[] = [];
    for (const tile of tilesOfLevel(level, size)) {
      const found = await read(tile);
      tileCount += 1;
      if (found?.length !== tile.width) {
        return { root: undefined, tileCount, faults: [...faults, `${nameOf(tile)} is missing.`] };
      }
      hashes.push(...found);
    }
    const below = levels.at(-1);
    if (below) faults.push(...differing(level, hashes, below));
    levels.push(hashes);
  }
  const peaks = size === 0 ? [] : nodesOf({ start: 0, end: size });
  return { root: foldPeaks(peaks.map((node) => nodeFrom(levels, node))), tileCount, faults };
}

function differing(level: number, hashes: readonly Hash[], below: readonly Hash[]): string[] {
  return hashes.flatMap((hash, at) => {
    const tile = { level: level - 1, index: at, width: TILE_WIDTH };
    const root = treeRoot(below.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH));
    return sameHash(root, hash) ? [] : [`${nameOf(tile)} does not hash to what stands above it.`];
  });
}

/** A complete node, from the eight levels below it that tiles have. */
function nodeFrom(levels: readonly (readonly Hash[])[], { level, index }: NodeRef): Hash {
  const base = Math.floor(level / 8);
  const width = 2 ** (level - base * 8);
  return treeRoot(levels[base]?.slice(index * width, (index + 1) * width) ?? []);
}

function nameOf({ level, index }: TileRef): string {
  return `Tile ${index} of level ${level}`;
}
