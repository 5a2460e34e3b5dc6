import { fixedClock, newId, type Id, type JsonObject } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logSigner } from '../note/log-signer.ts';
import { treeRoot } from '../tree/compact-range.ts';
import { leafHash } from '../tree/hash.ts';
import { consistencyPath, inclusionPath } from '../tree/proof-paths.ts';
import { verifyConsistency, verifyInclusion } from '../tree/verify-proofs.ts';
import { verifyLog, type ErasedLeaf } from '../bundle/verify-log.ts';
import { parseEntry, writeEntry, type EvidenceEntry } from '../entry.ts';
import { erasedIdHash, ErasureRecord } from './erased.ts';
import { standingAt } from './standing.ts';

const clock = fixedClock();
const ports = { clock, random: seededRandom('erasures') };
const signer = logSigner('staff.localhost/demo', ports.random.bytes(32));
const psn = newId('psn', ports);

function entry(kind: string, facts: JsonObject = {}, refs: Record<string, string> = {}) {
  clock.advance(1_000);
  const made: EvidenceEntry = {
    v: 1,
    id: newId('evt', ports),
    kind,
    at: new Date(clock.now()).toISOString(),
    causes: [],
    refs,
    subjects: {},
    facts,
    _sd: [],
  };
  return made;
}
const erasing = (entries: Record<string, string>) => entry('erasure.entries', { entries });
/** A prune, and the places of what it leaves. */
const pruning = (below: number, places = [0]) =>
  entry('erasure.pruned', { below, standing: standingAt(places) });
const leavesOf = (entries: readonly EvidenceEntry[]) => entries.map(writeEntry);
const idOf = (leaf: string): Id<'evt'> => {
  const parsed = parseEntry(leaf);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.id;
};
/** The log as its keeper has it after the bytes of these places are gone. */
const withHoles = (leaves: readonly string[], holes: ReadonlySet<number>) =>
  leaves.map((leaf, at): string | ErasedLeaf =>
    holes.has(at) ? { leafHash: leafHash(leaf), idHash: erasedIdHash(idOf(leaf)) } : leaf,
  );
const checkpointOf = (leaves: readonly string[]) =>
  signer.signCheckpoint({ size: leaves.length, root: treeRoot(leaves.map(leafHash)) });

describe('P8: deletion leaves every proof valid', () => {
  test('random logs, random erasures: proofs of before verify, and the log as a whole does', () => {
    const sizes = fc.integer({ min: 1, max: 60 });
    fc.assert(
      fc.property(sizes, fc.infiniteStream(fc.integer({ min: 0, max: 59 })), (size, places) => {
        const before = leavesOf(Array.from({ length: size }, () => entry('interaction.started')));
        const chosen = places.take(8);
        const holes = new Set([...chosen].filter((place) => place < size));
        const hashes = before.map(leafHash);
        const rootOf = (range: { start: number; end: number }) =>
          treeRoot(hashes.slice(range.start, range.end));
        const named = [...holes].map((at) => [String(at), erasedIdHash(idOf(before[at]!))]);
        const after = [...before, ...leavesOf([erasing(Object.fromEntries(named))])];
        for (const place of holes) {
          const proof = inclusionPath(place, size).map(rootOf);
          const claim = { leafIndex: place, treeSize: size, leafHash: hashes[place]!, proof };
          expect(verifyInclusion({ ...claim, root: treeRoot(hashes) })).toBe(true);
        }
        const grown = after.map(leafHash);
        const path = consistencyPath(size, after.length);
        const proof = path.map(({ start, end }) => treeRoot(grown.slice(start, end)));
        const roots = { oldRoot: treeRoot(hashes), newRoot: treeRoot(grown) };
        const sizesOf = { oldSize: size, newSize: after.length };
        expect(verifyConsistency({ ...sizesOf, ...roots, proof })).toBe(true);
        const verdict = verifyLog(withHoles(after, holes), checkpointOf(after), signer.key);
        expect(verdict.faults).toEqual([]);
      }),
      { seed: 5, numRuns: 60 },
    );
  });
});

describe('P8: a hole that no entry explains is tampering', () => {
  const some = leavesOf([entry('log.created'), entry('session.started'), entry('session.ended')]);
  const hash = (at: number) => erasedIdHash(idOf(some[at]!));
  const faultsOf = (last: EvidenceEntry | undefined, holes: readonly number[]) => {
    const leaves = [...some, ...(last ? leavesOf([last]) : [])];
    const kept = withHoles(leaves, new Set(holes));
    return verifyLog(kept, checkpointOf(leaves), signer.key).faults;
  };
  const missing = (at: number) => `Entry ${at} is missing, and no erasure in the log says why.`;

  test.each<[string, EvidenceEntry | undefined, string[]]>([
    ['no erasure at all', undefined, [missing(1)]],
    ['the erasure of another place', erasing({ '2': hash(2) }), [missing(1)]],
    ['the erasure of another entry at this place', erasing({ '1': hash(2) }), [missing(1)]],
    ['an erasure that speaks of what comes after it', erasing({ '7': hash(1) }), [missing(1)]],
    ['a place that is spelled otherwise', erasing({ '01': hash(1) }), [missing(1)]],
    ['a prune of less', pruning(1), [missing(1)]],
    ['a prune that reaches beyond itself', pruning(99), [missing(1)]],
    [
      'a prune that says nothing of what it left',
      entry('erasure.pruned', { below: 2 }),
      [missing(1)],
    ],
    ['an erasure of fields', entry('erasure.fields', {}, { erasedPseudonym: psn }), [missing(1)]],
    ['its erasure', erasing({ '1': hash(1) }), []],
    ['a prune', pruning(2), []],
  ])('%s', (_, last, faults) => {
    expect(faultsOf(last, [1])).toEqual(faults);
  });

  test('nor does a prune explain that something is gone which it left', () => {
    const belied = 'The prune of entry 3 left other entries standing than are here.';
    expect(faultsOf(pruning(2), [0])).toEqual([belied]);
    expect(faultsOf(pruning(2), [0, 1])).toEqual([belied]);
    expect(faultsOf(pruning(3, [0]), [1, 2])).toEqual([]);
  });

  test('nor does an erasure whose own bytes are gone explain anything', () => {
    expect(faultsOf(erasing({ '1': hash(1) }), [1, 3])).toEqual([missing(1), missing(3)]);
  });
});

describe('an erasure of fields explains', () => {
  const of = { subject: psn, retention: 'case', month: '2019-01' };
  const other = { ...of, subject: newId('psn', ports) };
  type Given = [facts: JsonObject, refs: Record<string, string>, fields?: typeof of, at?: number];
  const explains = (...[facts, refs, fields = of, index = 3]: Given) => {
    const record = new ErasureRecord();
    record.add(entry('erasure.fields', facts, refs), 9);
    return record.ofFields(index, fields) !== undefined;
  };
  const about = { erasedPseudonym: psn };

  test.each<[string, boolean, Parameters<typeof explains>]>([
    ['all of whom it names', true, [{}, about]],
    ['nobody else', false, [{}, about, other]],
    ['nothing that was logged after it', false, [{}, about, of, 10]],
    ['its class', true, [{ retention: 'case' }, about]],
    ['no other class', false, [{ retention: 'identity' }, about]],
    ['months before the one it names', true, [{ before: '2019-02' }, about]],
    ['not that month itself', false, [{ before: '2019-01' }, about]],
    ['a class and time of everybody', true, [{ retention: 'case', before: '2019-02' }, {}, other]],
    [
      'but whom it leaves out',
      false,
      [{ retention: 'case', before: '2019-02', except: [psn] }, {}],
    ],
    ['never all of everybody', false, [{}, {}]],
    ['never a class of everybody for all time', false, [{ retention: 'case' }, {}]],
    ['nothing by a month that is none', false, [{ before: 'later' }, about]],
  ])('%s', (_, expected, given) => {
    expect(explains(...given)).toBe(expected);
  });
});
