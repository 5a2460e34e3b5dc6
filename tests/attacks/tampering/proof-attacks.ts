import {
  leafHash,
  parseNote,
  toBase64,
  verifierKey,
  writeBundle,
  writeNote,
} from '@proofline/evidence';
import { inclusionProof } from '@proofline/evidence/testing';
import { bytesToBase64url, bytesToHex } from '@proofline/kernel';
import type { FileAttack } from './entry-attacks.ts';
import { signAsThief } from './hash-chain.ts';
import {
  bundle,
  chain,
  change,
  changeRow,
  checkpointOf,
  editBody,
  exportFrom,
  first,
  KEPT_SIZE,
  kept,
  last,
  leaves,
  neighbour,
  place,
  proof,
  relist,
  respell,
  signer,
  swap,
  thief,
} from './scene.ts';

const at = proof.index;
const own = last.index;
const lines = bundle.manifest.entries;
const notIncluded = bundle.entries.map(({ index }) => `${index} entry.not-included`);
const edited = swap(proof.leaf, '"acr":"phr"', '"acr":"phrh"');

const hashes = leaves.map(leafHash);
const [low = '', high = '', ...rest] = proof.proof;
const node = Buffer.concat([hashes[at]!, hashes[at + 1]!]).toString('latin1');

export const proofAttacks: readonly FileAttack[] = [
  {
    does: 'Two hashes of a proof change places',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: [high, low, ...rest] }),
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A proof is cut short',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: proof.proof.slice(0, -1) }),
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A proof has a hash too many',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: [...proof.proof, low] }),
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A proof is that of another entry',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: first.proof }),
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A proof is that of the log when it was smaller',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: inclusionProof(hashes.slice(0, KEPT_SIZE), at).map(toBase64) }),
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A proof and its entry come from another log',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => {
      const other = exportFrom(
        leaves.with(0, swap(leaves[0]!, '"format":1', '"format":2')),
        neighbour,
      );
      return change(other.entries[place]!);
    },
    said: [`${at} entry.not-included`],
  },
  {
    does: 'A node of the tree is passed off as an entry',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: node, proof: proof.proof.slice(1) }),
    said: [`${at} entry.malformed`],
  },
  {
    does: 'A hash of a proof is respelled in base64',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ proof: [low.replace('=', ''), high, ...rest] }),
    said: [`${at} entry.not-included`],
  },
];

const note = parseNote(bundle.checkpoint)!;
const line = note.signatures[0]!;
const signedTwice = writeNote({
  ...note,
  signatures: [line, { ...line, signature: thief.key.publicKey }],
});
const collision = swap(thief.key.text, bytesToHex(thief.key.keyId), bytesToHex(signer.key.keyId));
const relabelled = writeNote({
  ...parseNote(checkpointOf(leaves, thief))!,
  signatures: [{ ...parseNote(checkpointOf(leaves, thief))!.signatures[0]!, keyId: line.keyId }],
});
const forgedLeaves = leaves.with(at, edited);

export const checkpointAttacks: readonly FileAttack[] = [
  {
    does: 'The checkpoint is made to be of one entry more',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: swap(bundle.checkpoint, '\n13\n', '\n14\n') }),
    said: ['- checkpoint.unsigned', ...notIncluded],
    chain: () => ({ ...chain, head: { ...chain.head, count: 14 } }),
  },
  {
    does: 'The checkpoint is given another root',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...bundle,
      checkpoint: swap(
        bundle.checkpoint,
        bundle.checkpoint.split('\n')[2]!,
        toBase64(leafHash('x')),
      ),
    }),
    said: ['- checkpoint.unsigned', ...notIncluded],
    chain: () => ({ ...chain, head: { ...chain.head, hash: bytesToBase64url(leafHash('x')) } }),
  },
  {
    does: 'An older checkpoint of the same log, truly signed, stands in the newer one’s place',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: kept }),
    said: notIncluded,
  },
  {
    does: 'A line is added to the checkpoint’s text',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: swap(bundle.checkpoint, '\n\n', '\nextension\n\n') }),
    said: ['- checkpoint.unsigned', ...notIncluded],
  },
  {
    does: 'The checkpoint’s signature is respelled in base64',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: bundle.checkpoint.replace(/=*\n$/, '\n') }),
    said: ['- checkpoint.unsigned', ...notIncluded],
  },
  {
    does: 'A second line in the log’s name is put under the checkpoint',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: signedTwice }),
    said: ['- checkpoint.unsigned', ...notIncluded],
  },
  {
    does: 'The checkpoint of another log, over the same tree, is served as this one’s',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: checkpointOf(leaves, neighbour) }),
    said: ['- checkpoint.unsigned', ...notIncluded],
  },
  {
    does: 'The verifier key is another one with the same key id',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, verifierKey: collision }),
    said: ['- key.malformed', ...notIncluded],
  },
  {
    does: 'A thief’s signature bears the log’s key id',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, checkpoint: relabelled }),
    said: ['- checkpoint.unsigned', ...notIncluded],
  },
  {
    does: 'A fact is edited and all of it signed again with a key of the thief’s own',
    holds: 'the database',
    knows: 'the log’s key',
    file: () => exportFrom(forgedLeaves, thief),
    said: ['- key.untrusted', `${at} entry.altered`],
    chain: () => signAsThief(editBody(at, '"acr":"phr"', '"acr":"phrh"')),
  },
  {
    does: 'The key’s bytes are served under another name',
    holds: 'an exported file',
    knows: 'the log’s key',
    file: () => ({
      ...bundle,
      verifierKey: verifierKey('staff.localhost/demo2', signer.key.publicKey).text,
    }),
    said: ['- checkpoint.unsigned', '- key.untrusted', ...notIncluded],
  },
];

export const formAttacks: readonly FileAttack[] = [
  {
    does: 'The list of contents is in another order',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => relist({ entries: lines.toReversed() }),
    said: ['- manifest.unordered', '- manifest.unproved', `${own} entry.unlisted`],
  },
  {
    does: 'The time of the export is another',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, exportedAt: '2026-11-02T10:00:00.000Z' }),
    said: ['- manifest.unproved', `${own} entry.unlisted`],
  },
  {
    does: 'A member of the file stands in it twice, the forged one first',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respell(`"index": ${at},`, `"leaf": "{}",\n "index": ${at},`),
    said: ['- bundle.malformed'],
  },
  {
    does: 'The same, with the second spelled by escapes',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respell(`"index": ${at},`, `"le\\u0061f": "{}",\n "index": ${at},`),
    said: ['- bundle.malformed'],
  },
  {
    does: 'A member is added that nobody knows',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respell('"format"', '"note": "all is well", "format"'),
    said: ['- bundle.malformed'],
  },
  {
    does: 'A number of an entry is spelled another way',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: swap(proof.leaf, '"v":1', '"v":1.0') }),
    said: [`${at} entry.malformed`],
    chain: () => changeRow(at, { body: editBody(at, '"v":1', '"v":1.0')[at]! }),
  },
  {
    does: 'An entry’s members are in another order',
    holds: 'an exported file',
    knows: 'nothing',
    file: () =>
      change({
        leaf: JSON.stringify(
          Object.fromEntries(Object.entries(JSON.parse(proof.leaf) as object).reverse()),
        ),
      }),
    said: [`${at} entry.malformed`],
  },
  {
    does: 'An entry has a member twice',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: swap(proof.leaf, '"v":1', '"v":1,"v":1') }),
    said: [`${at} entry.malformed`],
    chain: () => changeRow(at, { body: editBody(at, '"v":1', '"v":1,"v":1')[at]! }),
  },
  {
    does: 'An index is a number that no computer holds exactly',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respell(`"index": ${at},`, '"index": 9007199254740993,'),
    said: ['- bundle.malformed'],
  },
  {
    does: 'The end of the file is cut off',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => writeBundle(bundle).slice(0, -40),
    said: ['- bundle.malformed'],
    chain: () => ({ ...chain, rows: chain.rows.slice(0, -1) }),
  },
];
