import type { Hash } from '../tree/hash.ts';
import { TILE_WIDTH } from './tile-path.ts';

const HASH_BYTES = 32;
const LENGTH_BYTES = 2;
/** What the two bytes in front of an entry can say. */
export const BUNDLED_ENTRY_MAX_BYTES = 0xffff;

/** A tile of hashes: one after the other, 32 bytes each (C2SP tlog-tiles, “Merkle Tree”). */
export function writeHashTile(hashes: readonly Hash[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(hashes));
}

/** The hashes of a tile; `undefined` unless it is exactly as wide as it was asked for. */
export function parseHashTile(bytes: Uint8Array, width: number): Hash[] | undefined {
  if (!isWidth(width) || bytes.length !== width * HASH_BYTES) return undefined;
  return Array.from({ length: width }, (_, at) =>
    bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

/**
 * A bundle of entries: each behind its length in two bytes, big end first (C2SP tlog-tiles, “Log
 * entries”). An entry that was erased stands as an empty one, so that the others keep their places;
 * its hash stays in the tile of level 0.
 *
 * @throws RangeError for an entry longer than 65,535 bytes
 */
export function writeEntryBundle(entries: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = entries.reduce((sum, entry) => sum + LENGTH_BYTES + entry.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > BUNDLED_ENTRY_MAX_BYTES) throw new RangeError('an entry is too long');
    view.setUint16(at, entry.length);
    bytes.set(entry, at + LENGTH_BYTES);
    at += LENGTH_BYTES + entry.length;
  }
  return bytes;
}

/** The entries of a bundle; `undefined` unless it is exactly as many, and nothing is left over. */
export function parseEntryBundle(bytes: Uint8Array, width: number): Uint8Array[] | undefined {
  if (!isWidth(width)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at + LENGTH_BYTES <= bytes.length && entries.length < width) {
    const start = at + LENGTH_BYTES;
    at = start + view.getUint16(at);
    if (at > bytes.length) return undefined;
    entries.push(bytes.subarray(start, at));
  }
  return entries.length === width && at === bytes.length ? entries : undefined;
}

function isWidth(width: number): boolean {
  return Number.isSafeInteger(width) && width >= 1 && width <= TILE_WIDTH;
}
