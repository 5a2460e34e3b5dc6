import {
  parseNote,
  parsePolicy,
  witnessSigner,
  writeSignature,
  type ErasedLeaf,
  type WitnessPolicy,
} from '@proofline/evidence';
import { seededRandom } from '@proofline/kernel/node';
import type { Attack } from './attack.ts';
import { chainOf, linkAgain, signAgain, signAsThief } from './hash-chain.ts';
import {
  bodies,
  chain,
  changeRow,
  checkpointOf,
  editBody,
  KEPT_SIZE,
  kept,
  leaves,
  neighbour,
  proof,
  signer,
  swap,
  thief,
} from './scene.ts';

/** A whole log as it is handed over: every leaf, and the newest checkpoint. */
export interface LogCopy {
  readonly leaves: readonly (string | ErasedLeaf)[];
  readonly checkpoint: string;
}

/** An attack on the whole log. */
export interface CopyAttack extends Attack {
  readonly copy: () => LogCopy;
}

const at = proof.index;
const edited = leaves.with(at, swap(leaves[at]!, '"acr":"phr"', '"acr":"phrh"'));
const editedBodies = editBody(at, '"acr":"phr"', '"acr":"phrh"');
const honest = checkpointOf(leaves);
const backup = 7;
/** What a restored backup goes on with: other entries at the places of those that were lost. */
const afterwards = [...leaves.slice(0, backup), ...leaves.slice(backup + 1), leaves[backup]!];
const bodiesAfterwards = [...bodies.slice(0, backup), ...bodies.slice(backup + 1), bodies[backup]!];

/** One witness, and a policy that asks for it. */
const witness = witnessSigner('witness.example/client', seededRandom('witness').bytes(32));
export const policy: WitnessPolicy = policyOf(
  `log ${signer.key.text}\nwitness client ${witness.key.text}\nquorum client\n`,
);
/** The checkpoint as the witness signed it. */
export const witnessed =
  honest + writeSignature(witness.cosign(parseNote(honest)!.text, 1_793_610_000));
const cosignature = writeSignature(witness.cosign(parseNote(honest)!.text, 1_793_610_000));

function policyOf(text: string): WitnessPolicy {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

const NOT_THOSE = 'The entries are not those of which the checkpoint is.';
const UNSIGNED = 'The checkpoint is malformed or not signed by the log key.';
const NO_GROWTH = 'The log does not go on from the checkpoint that was kept.';
const TOO_FEW = 'Fewer witnesses have signed than the policy asks for.';
const FORGED = 'A line names a witness who did not write it: client.';

export const copyAttacks: readonly CopyAttack[] = [
  {
    does: 'Two entries change places in the stored log',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      leaves: leaves.with(3, leaves[4]!).with(4, leaves[3]!),
      checkpoint: honest,
    }),
    said: [NOT_THOSE],
    chain: () => linkAgain(chain, bodies.with(3, bodies[4]!).with(4, bodies[3]!)),
  },
  {
    does: 'An entry in the middle is deleted, and everything after it moves up',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: leaves.toSpliced(at, 1), checkpoint: honest }),
    said: ['The checkpoint is of 13 entries; here are 12.'],
    chain: () => linkAgain(chain, bodies.toSpliced(at, 1)),
  },
  {
    does: 'The newest entries are deleted, and nothing else is touched',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: leaves.slice(0, 10), checkpoint: honest }),
    said: ['The checkpoint is of 13 entries; here are 10.'],
    chain: () => ({ ...chain, rows: chain.rows.slice(0, 10) }),
  },
  {
    does: 'The newest entries are deleted, and an older signed head put back',
    holds: 'an old backup',
    knows: 'a kept checkpoint',
    copy: () => ({ leaves: leaves.slice(0, 7), checkpoint: checkpointOf(leaves.slice(0, 7)) }),
    said: [NO_GROWTH],
    chain: () => chainOf(bodies.slice(0, 7)),
  },
  {
    does: 'An entry is inserted in the middle',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      leaves: leaves.toSpliced(4, 0, swap(leaves[4]!, '"acr":"phr"', '"acr":"phrh"')),
      checkpoint: honest,
    }),
    said: [
      'Entry 5 has the id of an earlier one.',
      'The checkpoint is of 13 entries; here are 14.',
    ],
    chain: () => linkAgain(chain, bodies.toSpliced(4, 0, bodies[4]!)),
  },
  {
    does: 'An entry that never happened is added at the end',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      leaves: [...leaves, swap(leaves[4]!, '"id":"evt_0', '"id":"evt_1')],
      checkpoint: honest,
    }),
    said: ['The checkpoint is of 13 entries; here are 14.'],
    chain: () => linkAgain(chain, [...bodies, swap(bodies[4]!, '"id":"evt_0', '"id":"evt_1')]),
  },
  {
    does: 'The first entry, which names the log’s key, is exchanged',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({
      leaves: leaves.with(0, swap(leaves[0]!, '"format":1', '"format":2')),
      checkpoint: honest,
    }),
    said: [NOT_THOSE],
    chain: () => linkAgain(chain, editBody(0, '"format":1', '"format":2')),
  },
  {
    does: 'A fact is edited and everything that the database holds is computed anew',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: edited, checkpoint: honest }),
    said: [NOT_THOSE],
    chain: () => linkAgain(chain, editedBodies),
  },
  {
    does: 'A fact is edited and the whole log signed again with another key',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: edited, checkpoint: checkpointOf(edited, thief) }),
    said: [UNSIGNED],
    chain: () => signAsThief(editedBodies),
  },
  {
    does: 'An entry’s text is respelled, and means the same',
    holds: 'the database',
    knows: 'the log’s key',
    copy: () => ({ leaves: leaves.with(at, swap(leaves[at]!, ':', ': ')), checkpoint: honest }),
    said: [`Entry ${at} is malformed: not in canonical form (RFC 8785).`, NOT_THOSE],
    chain: () => changeRow(at, { body: swap(bodies[at]!, ':', ': ') }),
  },
  {
    does: 'An entry is logged a second time, signed',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({
      leaves: [...leaves, leaves[at]!],
      checkpoint: checkpointOf([...leaves, leaves[at]!]),
    }),
    said: [`Entry 13 has the id of an earlier one.`],
    chain: () => signAgain([...bodies, bodies[at]!]),
  },
  {
    does: 'The checkpoint of another log of the same company is served, over these entries',
    holds: 'the database and the log’s seed',
    knows: 'the log’s key',
    copy: () => ({ leaves, checkpoint: checkpointOf(leaves, neighbour) }),
    said: [UNSIGNED],
  },
  {
    does: 'A fact is edited and the whole log signed again with the stolen seed',
    holds: 'the database and the log’s seed',
    knows: 'a kept checkpoint',
    copy: () => ({ leaves: edited, checkpoint: checkpointOf(edited) }),
    said: [NO_GROWTH],
    chain: () => signAgain(editedBodies),
  },
  {
    does: 'A backup is restored and goes on by itself: two histories from one beginning',
    holds: 'an old backup',
    knows: 'a kept checkpoint',
    copy: () => ({ leaves: afterwards, checkpoint: checkpointOf(afterwards) }),
    said: [NO_GROWTH],
    chain: () => signAgain(bodiesAfterwards),
  },
  {
    does: 'Two auditors are shown two logs of one size (a split view)',
    holds: 'the database and the log’s seed',
    knows: 'a kept checkpoint',
    copy: () => ({
      leaves: edited.slice(0, KEPT_SIZE),
      checkpoint: checkpointOf(edited.slice(0, KEPT_SIZE)),
    }),
    said: [NO_GROWTH],
    chain: () => signAgain(editedBodies.slice(0, KEPT_SIZE)),
  },
  {
    does: 'A history that no witness has seen is signed with the stolen seed',
    holds: 'the database and the log’s seed',
    knows: 'the witnesses’ keys',
    copy: () => ({ leaves: edited, checkpoint: checkpointOf(edited) }),
    said: [TOO_FEW],
    chain: () => signAgain(editedBodies),
  },
  {
    does: 'A witness’s line is moved from the true checkpoint under a forged one',
    holds: 'the witnessed past',
    knows: 'the witnesses’ keys',
    copy: () => ({ leaves: edited, checkpoint: checkpointOf(edited) + cosignature }),
    said: [FORGED, TOO_FEW],
  },
  {
    does: 'A witness’s line is given another time',
    holds: 'the witnessed past',
    knows: 'the witnesses’ keys',
    copy: () => ({ leaves, checkpoint: honest + retimed() }),
    said: [FORGED, TOO_FEW],
  },
  {
    does: 'The log signs in the witness’s stead',
    holds: 'the database and the log’s seed',
    knows: 'the witnesses’ keys',
    copy: () => ({ leaves, checkpoint: honest + relabelled() }),
    said: [FORGED, TOO_FEW],
  },
];

/** The witness’s own line, its eight bytes of time changed. */
function retimed(): string {
  const line = witness.cosign(parseNote(honest)!.text, 1_793_610_000);
  const signature = Uint8Array.from(line.signature);
  signature[7]! ^= 1;
  return writeSignature({ ...line, signature });
}

/** The log’s own signature, with the witness’s name and key id before it. */
function relabelled(): string {
  const [own] = parseNote(honest)!.signatures;
  const time = new Uint8Array(8);
  const { name, keyId } = witness.key;
  return writeSignature({ name, keyId, signature: Buffer.concat([time, own!.signature]) });
}

/** What the auditor kept of the honest log. */
export const keptByAuditor = { checkpoint: kept, size: KEPT_SIZE };
