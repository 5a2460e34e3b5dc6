import {
  consistencyPath,
  foldPeaks,
  inclusionPath,
  nodesOf,
  proofFrom,
  treeRoot,
  type Hash,
  type LeafRange,
  type NodeRef,
} from '@proofline/evidence';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { STORED_LEVELS_EVERY } from '../sequencer/sequence-batch.ts';

const BLOCK = 2 ** STORED_LEVELS_EVERY;

/** Makes proofs from the stored tree, reading each block of 256 hashes once. */
export interface TreeReader {
  inclusionProof(leafIndex: number): Promise<readonly Hash[]>;
  consistencyProof(oldSize: number): Promise<readonly Hash[]>;
  /** The root that the log had at an earlier size. */
  rootAt(size: number): Promise<Hash>;
  /** The compact range that the log had at an earlier size: all that is needed to go on from there. */
  peaksAt(size: number): Promise<readonly Hash[]>;
}

/** Where the tree is read. */
export interface TreeSource {
  readonly rows: Pick<Context['rows'], 'entries' | 'nodes'>;
  readonly storage: { readonly db: Db };
}

/** A reader of the tree at one size. */
export function createTreeReader(context: TreeSource, size: number): TreeReader {
  const { rows, storage } = context;
  const blocks = new Map<string, Promise<readonly Hash[]>>();
  const computed = new Map<string, Hash>();

  function block(level: number, number: number): Promise<readonly Hash[]> {
    const key = `${level}/${number}`;
    const range = { start: number * BLOCK, end: (number + 1) * BLOCK };
    const found =
      blocks.get(key) ??
      (level === 0
        ? rows.entries.leafHashes(storage.db, range.start, Math.min(range.end, size))
        : rows.nodes.hashes(storage.db, level, range));
    blocks.set(key, found);
    return found;
  }

  async function load(node: NodeRef): Promise<Hash> {
    const key = `${node.level}/${node.index}`;
    const known = computed.get(key);
    if (known) return known;
    const base = node.level - (node.level % STORED_LEVELS_EVERY);
    const width = 2 ** (node.level - base);
    const start = node.index * width;
    const number = Math.floor(start / BLOCK);
    const hashes = (await block(base, number)).slice(start % BLOCK, (start % BLOCK) + width);
    if (hashes.length !== width) throw new RangeError(`node ${key} is not in the tree`);
    const hash = treeRoot(hashes);
    computed.set(key, hash);
    return hash;
  }

  async function hashesOf(path: readonly LeafRange[]): Promise<readonly Hash[]> {
    const nodes = path.flatMap(nodesOf);
    const loaded = new Map<string, Hash>();
    for (const node of nodes) loaded.set(`${node.level}/${node.index}`, await load(node));
    return proofFrom(path, ({ level, index }) => loaded.get(`${level}/${index}`)!);
  }

  return {
    inclusionProof: (leafIndex) => hashesOf(inclusionPath(leafIndex, size)),
    consistencyProof: (oldSize) => hashesOf(consistencyPath(oldSize, size)),
    async rootAt(oldSize) {
      if (oldSize === 0) return foldPeaks([]);
      const [root] = await hashesOf([{ start: 0, end: oldSize }]);
      return root!;
    },
    async peaksAt(oldSize) {
      const peaks: Hash[] = [];
      for (const node of nodesOf({ start: 0, end: oldSize })) peaks.push(await load(node));
      return peaks;
    },
  };
}
