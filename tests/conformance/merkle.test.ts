import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
  type Hash,
} from '@proofline/evidence';

/** transparency-dev/merkle's own proof cases, good and bad (Apache-2.0). Read, never copied. */
const root = join(import.meta.dirname, '../../../shared/data/merkle/testdata');
const present = existsSync(root);

interface ProofCase {
  readonly desc: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [member: string]: unknown;
}

const hash = (value: unknown): Hash => Buffer.from(String(value ?? ''), 'base64');
const proofOf = (one: ProofCase): Hash[] => (one.proof ?? []).map(hash);

const families: Record<string, { readonly count: number; verify(one: ProofCase): boolean }> = {
  inclusion: {
    count: 98,
    verify: (one) =>
      verifyInclusion({
        leafIndex: Number(one['leafIdx']),
        treeSize: Number(one['treeSize']),
        leafHash: hash(one['leafHash']),
        root: hash(one['root']),
        proof: proofOf(one),
      }),
  },
  consistency: {
    count: 98,
    verify: (one) =>
      verifyConsistency({
        oldSize: Number(one['size1']),
        newSize: Number(one['size2']),
        oldRoot: hash(one['root1']),
        newRoot: hash(one['root2']),
        proof: proofOf(one),
      }),
  },
  subtreeinclusion: {
    count: 204,
    verify: (one) =>
      verifySubtreeInclusion({
        leafIndex: Number(one['leafIdx']),
        start: Number(one['start']),
        end: Number(one['end']),
        leafHash: hash(one['leafHash']),
        root: hash(one['root']),
        proof: proofOf(one),
      }),
  },
  subtreeconsistency: {
    count: 118,
    verify: (one) =>
      verifySubtreeConsistency({
        start: Number(one['start']),
        end: Number(one['end']),
        treeSize: Number(one['size']),
        subtreeRoot: hash(one['root1']),
        root: hash(one['root2']),
        proof: proofOf(one),
      }),
  },
};

const why = present ? '' : ' (skipped: the shared folder data/merkle is not beside this checkout)';
let seen = 0;

describe.skipIf(!present)(`RFC 6962 proofs of transparency-dev/merkle${why}`, () => {
  test.each(Object.keys(families))('every %s case ends as it should', async (family) => {
    const { count, verify } = families[family]!;
    const files = await readdir(join(root, family), { recursive: true });
    const cases = files.filter((file) => file.endsWith('.json'));
    expect(cases).toHaveLength(count);
    const wrong: string[] = [];
    for (const file of cases) {
      // The shape is transparency-dev's; the members that matter are converted one by one above.
      const one = JSON.parse(readFileSync(join(root, family, file), 'utf8')) as ProofCase;
      if (verify(one) === one.wantErr) wrong.push(`${file}: ${one.desc}`);
      seen += 1;
    }
    expect(wrong).toEqual([]);
  });

  test('all 518 cases were seen, of every kind that there is', async () => {
    expect((await readdir(root)).sort()).toEqual(Object.keys(families).sort());
    expect(seen).toBe(518);
  });
});
