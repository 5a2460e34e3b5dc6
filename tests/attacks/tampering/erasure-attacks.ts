import {
  erasedIdHash,
  leafHash,
  standingAt,
  writeEntry,
  type ErasedLeaf,
} from '@proofline/evidence';
import { fixedClock, newId, type JsonObject } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { CopyAttack } from './copy-attacks.ts';
import { changeRow, checkpointOf, idOf, leaves } from './scene.ts';

/** The entry that is erased. */
const GONE = 4;
const hole: ErasedLeaf = { leafHash: leafHash(leaves[GONE]!), idHash: erasedIdHash(idOf(GONE)) };
const without = leaves.with(GONE, '').map((leaf) => (leaf === '' ? hole : leaf));
const ports = { clock: fixedClock(), random: seededRandom('erasure') };

/** An entry that says that others were erased. */
function erasure(kind: string, facts: JsonObject): string {
  return writeEntry({
    v: 1,
    id: newId('evt', ports),
    kind,
    at: '2026-11-02T10:00:00.000Z',
    causes: [],
    refs: {},
    subjects: {},
    facts,
    _sd: [],
  });
}

const byName = (index: number) =>
  erasure('erasure.entries', { entries: { [index]: erasedIdHash(idOf(GONE)) } });
const explained = byName(GONE);
const signedWith = (last: string) => checkpointOf([...leaves, last]);

/** A log from which an entry was erased as it should be. */
export const erasedLog = { leaves: [...without, explained], checkpoint: signedWith(explained) };

const UNEXPLAINED = `Entry ${GONE} is missing, and no erasure in the log says why.`;
const NOT_THOSE = 'The entries are not those of which the checkpoint is.';
const another = byName(5);
const later = byName(14);
const RESTED_ON = leaves.findIndex((leaf) => leaf.includes('"policy.released"'));
/** The log, the release of policies, the passkey. */
const standing = standingAt([0, RESTED_ON, 2]);
const pruned = erasure('erasure.pruned', { below: 6, standing });
const silent = erasure('erasure.pruned', { below: 6 });
const boundless = erasure('erasure.pruned', { below: 20, standing });
const restedOn: ErasedLeaf = {
  leafHash: leafHash(leaves[RESTED_ON]!),
  idHash: erasedIdHash(idOf(RESTED_ON)),
};
/** A log whose beginning was pruned as it should be, up to where nothing rests on it. */
export const prunedLog = { leaves: [...without, pruned], checkpoint: signedWith(pruned) };
const gap = () => changeRow(GONE, { body: '' });

export const erasureAttacks: readonly CopyAttack[] = [
  {
    does: 'An entry’s text is taken away, its hash is left, and nothing says why',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: without, checkpoint: checkpointOf(leaves) }),
    said: [UNEXPLAINED],
    chain: gap,
  },
  {
    does: 'An erasure of another entry is to explain it',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({ leaves: [...without, another], checkpoint: signedWith(another) }),
    said: [UNEXPLAINED],
    chain: gap,
  },
  {
    does: 'An erasure is forged at the end, and signed by nobody',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: [...without, explained], checkpoint: checkpointOf(leaves) }),
    said: ['The checkpoint is of 13 entries; here are 14.'],
    chain: gap,
  },
  {
    does: 'An erasure names what is to come after it',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({ leaves: [...without, later], checkpoint: signedWith(later) }),
    said: [UNEXPLAINED],
    chain: gap,
  },
  {
    does: 'The beginning of the log is said to be pruned up to beyond its end',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({ leaves: [...without, boundless], checkpoint: signedWith(boundless) }),
    said: [UNEXPLAINED],
    chain: gap,
  },
  {
    does: 'A policy in force is taken away among what was pruned',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ ...prunedLog, leaves: prunedLog.leaves.with(RESTED_ON, restedOn) }),
    said: [`The prune of entry ${leaves.length} left other entries standing than are here.`],
    chain: gap,
  },
  {
    does: 'A prune says nothing of what it left',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({ leaves: [...without, silent], checkpoint: signedWith(silent) }),
    said: [UNEXPLAINED],
    chain: gap,
  },
  {
    does: 'An erased entry’s place is given another hash',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      ...erasedLog,
      leaves: erasedLog.leaves.with(GONE, { ...hole, leafHash: leafHash('x') }),
    }),
    said: [NOT_THOSE],
  },
  {
    does: 'An erased entry’s place is given to another entry',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      ...erasedLog,
      leaves: erasedLog.leaves.with(GONE, { ...hole, idHash: erasedIdHash(idOf(3)) }),
    }),
    said: [UNEXPLAINED],
  },
  {
    does: 'Another text is put where an entry was erased',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      ...erasedLog,
      leaves: erasedLog.leaves.with(GONE, leaves[GONE]!.replace('"phr"', '"phrh"')),
    }),
    said: [NOT_THOSE],
    chain: gap,
  },
];
