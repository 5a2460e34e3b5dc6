/** Hashes, or entries, that one tile holds when it is full (C2SP tlog-tiles, “Merkle Tree”). */
export const TILE_WIDTH = 256;

/** A tile of a log, as it is asked for. */
export interface TileRef {
  /** Tree level, in steps of eight: 0 holds leaf hashes. `entries`: the entries themselves. */
  readonly level: number | 'entries';
  /** Which one of its level, from 0. */
  readonly index: number;
  /** 1 to 256. Less than 256: a partial tile, the rightmost of its level at some size of the log. */
  readonly width: number;
}

const LEVEL_MAX = 63;
/** Below 2^53 leaves there are no more elements than these: a longer path names no tile of any log. */
const ELEMENTS_MAX = 6;
const LEVEL = /^(?:0|[1-9][0-9]?)$/;
const ELEMENT = /^[0-9]{3}$/;
const WIDTH = /^[1-9][0-9]{0,2}$/;

/** `tile/0/x001/x234/067`, `tile/entries/000.p/17`: where C2SP tlog-tiles has a tile, below the log’s prefix. */
export function writeTilePath({ level, index, width }: TileRef): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const elements = padded.match(/.{3}/g) ?? [];
  const name = elements.map((one, at) => (at < elements.length - 1 ? `x${one}` : one)).join('/');
  return `tile/${level}/${name}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** Reads a tile’s path strictly: each tile has one spelling. `undefined` for anything else. */
export function parseTilePath(path: string): TileRef | undefined {
  const [first, level, ...rest] = path.split('/');
  if (first !== 'tile' || level === undefined) return undefined;
  const { names, width } = takeWidth(rest);
  if (width === undefined || names.length === 0 || names.length > ELEMENTS_MAX) return undefined;
  const last = names.length - 1;
  const digits = names.map((name, at) => (at < last ? name.replace(/^x/, '') : name));
  // All but the last begin with an x, so each of those is one character longer than its digits.
  const isSpelled = names.every((name, at) => name.length === (at < last ? 4 : 3));
  if (!isSpelled || !digits.every((one) => ELEMENT.test(one))) return undefined;
  const index = Number(digits.join(''));
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(index * TILE_WIDTH)) return undefined;
  const known = levelOf(level);
  const ref = known === undefined ? undefined : { level: known, index, width };
  // What is written otherwise, as with more groups than the number needs, is another path.
  return ref && writeTilePath(ref) === path ? ref : undefined;
}

function takeWidth(rest: readonly string[]): { names: string[]; width: number | undefined } {
  const before = rest.at(-2);
  if (before?.endsWith('.p') !== true) return { names: [...rest], width: TILE_WIDTH };
  const text = rest.at(-1) ?? '';
  const width = WIDTH.test(text) ? Number(text) : TILE_WIDTH;
  const names = [...rest.slice(0, -2), before.slice(0, -2)];
  return { names, width: width < TILE_WIDTH ? width : undefined };
}

function levelOf(text: string): TileRef['level'] | undefined {
  if (text === 'entries') return text;
  const level = LEVEL.test(text) ? Number(text) : undefined;
  return level !== undefined && level <= LEVEL_MAX ? level : undefined;
}
