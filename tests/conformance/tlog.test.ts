import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  compactRange,
  consistencyPath,
  inclusionPath,
  leafHash,
  logSigner,
  proofFrom,
  tilesOfLevel,
  toBase64,
  writeEntryBundle,
  writeHashTile,
  writeTilePath,
  type Hash,
  type LeafRange,
  type NodeRef,
} from '@proofline/evidence';
import { seededRandom } from '@proofline/kernel/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildGoOracle, hasGoOracle } from './tlog/go-oracle.ts';

const why = hasGoOracle ? '' : ' (skipped: no Go compiler or no golang-golang-x-mod-dev here)';
const TREES = 1_000;

describe.skipIf(!hasGoOracle)(
  `golang.org/x/mod/sumdb as an independent implementation${why}`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'proofline-tlog-'));
    let ask: ReturnType<typeof buildGoOracle>;
    beforeAll(() => {
      ask = buildGoOracle(directory);
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    /** Every complete node of a tree, to make proofs from. */
    function treeOf(leaves: readonly Hash[]) {
      const nodes = new Map<string, Hash>();
      const range = compactRange();
      for (const leaf of leaves) {
        range.append(leaf, (level, index, hash) => nodes.set(`${level}/${index}`, hash));
      }
      const nodeAt = ({ level, index }: NodeRef) => nodes.get(`${level}/${index}`)!;
      const proof = (path: readonly LeafRange[]) => proofFrom(path, nodeAt).map(toBase64).join(',');
      return { root: range.root(), nodeAt, proof };
    }

    test(`${TREES} random trees: the same roots, inclusion proofs and consistency proofs`, () => {
      const random = seededRandom('a thousand trees');
      const number = (below: number) => Buffer.from(random.bytes(6)).readUIntBE(0, 6) % below;
      const asked = Array.from({ length: TREES }, (_, tree) => {
        // Small ones often, and those around the width of a tile.
        const size = 1 + number([8, 70, 300, 1_100][tree % 4] ?? 8);
        return { size, old: 1 + number(size), leaf: number(size), salt: `tree-${tree}` };
      });
      const input = asked.map(({ size, old, leaf, salt }) => `${size} ${old} ${leaf} ${salt}\n`);
      const answers = ask(['trees'], input.join('')).trimEnd().split('\n');
      const ours = asked.map(({ size, old, leaf, salt }) => {
        const leaves = Array.from({ length: size }, (_, at) => leafHash(`${salt}/${at}`));
        const { root, proof } = treeOf(leaves);
        const growth = old === size ? '' : proof(consistencyPath(old, size));
        return `${toBase64(root)} ${proof(inclusionPath(leaf, size))}. ${growth}.`;
      });
      expect(answers).toEqual(ours);
    });

    test('reads a mirrored log: its checkpoint, every tile, every entry', () => {
      const leaves = Array.from({ length: 66_000 }, (_, at) => Buffer.from(`{"entry":${at}}`));
      const signer = logSigner('log.example/mirrored', seededRandom('mirrored').bytes(32));
      const hashes = leaves.map((leaf) => leafHash(leaf));
      const { root, nodeAt } = treeOf(hashes);
      const checkpoint = signer.signCheckpoint({ size: leaves.length, root });
      const mirror = join(directory, 'mirror');
      const keep = (path: string, bytes: Uint8Array | string) => {
        mkdirSync(dirname(join(mirror, path)), { recursive: true });
        writeFileSync(join(mirror, path), bytes);
      };
      keep('checkpoint', checkpoint);
      for (const level of ['entries', 0, 1, 2] as const) {
        for (const tile of tilesOfLevel(level, leaves.length)) {
          const start = tile.index * 256;
          const bytes =
            level === 'entries'
              ? writeEntryBundle(leaves.slice(start, start + tile.width))
              : writeHashTile(
                  Array.from({ length: tile.width }, (_, at) =>
                    nodeAt({ level: level * 8, index: start + at }),
                  ),
                );
          keep(writeTilePath(tile), bytes);
        }
      }
      const read = ask(['mirror', mirror, signer.key.text]).trim();
      expect(read).toBe(`log.example/mirrored ${leaves.length} ${toBase64(root)}`);

      // And finds what was changed: the oracle can fail.
      const forged = [Buffer.from('{"entry":"forged"}'), ...leaves.slice(1, 256)];
      keep('tile/entries/000', writeEntryBundle(forged));
      expect(() => ask(['mirror', mirror, signer.key.text])).toThrow(/entry 0 has another hash/);
      keep('tile/entries/000', writeEntryBundle(leaves.slice(0, 256)));
      keep('tile/0/001', writeHashTile(hashes.slice(0, 256)));
      expect(() => ask(['mirror', mirror, signer.key.text])).toThrow(
        /downloaded inconsistent tile/,
      );
    });
  },
);
