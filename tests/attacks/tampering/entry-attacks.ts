import { leafHash, makeDisclosure, manifestDigest, type EvidenceBundle } from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';
import { bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { Attack } from './attack.ts';
import { linkAgain } from './hash-chain.ts';
import {
  bodies,
  bundle,
  chain,
  change,
  changeRow,
  done,
  editBody,
  grant,
  last,
  place,
  proof,
  relist,
  swap,
} from './scene.ts';

/** An attack on an exported file. */
export interface FileAttack extends Attack {
  readonly file: () => EvidenceBundle | string;
}

const at = proof.index;
const lines = bundle.manifest.entries;
const own = last.index;
const without = (index: number) => bundle.entries.filter((one) => one.index !== index);
const strangersName = makeDisclosure('name', 'Somebody Else', seededRandom('stranger')).text;
const edited = swap(proof.leaf, '"acr":"phr"', '"acr":"phrh"');
const editedRow = () => changeRow(at, { body: editBody(at, '"acr":"phr"', '"acr":"phrh"')[at]! });
const row = (n: number) => chain.rows[n]!;

const disclosed = (index: number, text: string) =>
  change({ disclosures: proof.disclosures.with(index, text) });
const respelledField = (text: string) => disclosed(1, Buffer.from(text).toString('base64url'));
const opened = (index: number) => Buffer.from(proof.disclosures[index]!, 'base64url').toString();

/** The file with its list, and the digest of it in the export’s own entry, made to fit. */
function relistAndRecord(file: EvidenceBundle): EvidenceBundle {
  const before = manifestDigest(bundle.manifest);
  const leaf = swap(last.leaf, before, manifestDigest(file.manifest));
  return { ...file, entries: [...file.entries.slice(0, -1), { ...last, leaf }] };
}

const editedLines = lines.map((line) =>
  line.index === at ? { ...line, leafHash: bytesToBase64url(leafHash(edited)) } : line,
);

export const entryAttacks: readonly FileAttack[] = [
  {
    does: 'A fact of an entry is edited: a weaker sign-in becomes a stronger one',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: edited }),
    said: [`${at} entry.altered`, `${at} entry.not-included`],
    chain: editedRow,
  },
  {
    does: 'A fact is edited, and the list of contents made to fit',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...change({ leaf: edited }),
      manifest: relist({ entries: editedLines }).manifest,
    }),
    said: ['- manifest.unproved', `${at} entry.not-included`, `${own} entry.unlisted`],
    chain: editedRow,
  },
  {
    does: 'A fact is edited, and whatever can be computed anew is: list, digest, every hash of a row',
    holds: 'an exported file',
    knows: 'nothing',
    file: () =>
      relistAndRecord({
        ...change({ leaf: edited }),
        manifest: relist({ entries: editedLines }).manifest,
      }),
    said: [`${at} entry.not-included`, `${own} entry.not-included`],
    chain: () => linkAgain(chain, editBody(at, '"acr":"phr"', '"acr":"phrh"')),
  },
  {
    does: 'An entry is dated back by an hour',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: swap(proof.leaf, 'T09:00', 'T08:00') }),
    said: [`${at} entry.altered`, `${at} entry.not-included`],
    chain: () => changeRow(at, { body: editBody(at, 'T09:00', 'T08:00')[at]! }),
  },
  {
    does: 'An entry is turned into one of another kind',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ leaf: swap(proof.leaf, 'proof.bound', 'proof.failed') }),
    said: [`${at} entry.altered`, `${at} entry.not-included`],
    chain: () => changeRow(at, { body: editBody(at, 'proof.bound', 'proof.failed')[at]! }),
  },
  {
    does: 'Two entries change places, each with its own proof',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...bundle,
      entries: bundle.entries
        .with(place, { ...proof, index: grant.index })
        .with(place + 1, { ...grant, index: at }),
    }),
    said: [
      `${at} cause.later`,
      `${at} entry.altered`,
      `${at} entry.not-included`,
      `${grant.index} entry.altered`,
      `${grant.index} entry.not-included`,
    ],
    chain: () => ({
      ...chain,
      rows: chain.rows.with(at, { ...row(at + 1), n: at }).with(at + 1, { ...row(at), n: at + 1 }),
    }),
  },
  {
    does: 'An entry is given another number',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ index: 4 }),
    said: ['4 cause.later', '4 entry.not-included', '4 entry.unlisted', `${at} entry.missing`],
    chain: () => changeRow(at, { n: 4 }),
  },
  {
    does: 'An entry is left out',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, entries: without(at) }),
    said: [`${at} entry.missing`],
    chain: () => ({ ...chain, rows: chain.rows.toSpliced(at, 1) }),
  },
  {
    does: 'An entry is left out, also of the list of contents, and the rows are linked again',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...relist({ entries: lines.filter(({ index }) => index !== at) }),
      entries: without(at),
    }),
    said: ['- manifest.unproved', '? cause.missing', `${own} entry.unlisted`],
    chain: () => linkAgain(chain, bodies.toSpliced(at, 1)),
  },
  {
    does: 'An entry is left out, and the list calls it a cause that lies outside',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...relist({
        entries: lines.filter(({ index }) => index !== at),
        outside: [...bundle.manifest.outside, lines.find(({ index }) => index === at)!.id].sort(),
      }),
      entries: without(at),
    }),
    said: ['- manifest.unproved', `${own} entry.unlisted`],
  },
  {
    does: 'Half of the chain is handed over, with the export’s own entry',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, entries: [...bundle.entries.slice(0, 4), last] }),
    said: bundle.entries.slice(4, -1).map(({ index }) => `${index} entry.missing`),
    chain: () => ({ ...chain, rows: chain.rows.slice(0, 7) }),
  },
  {
    does: 'The entry that records the export is left out',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, entries: without(own) }),
    said: ['- manifest.unproved'],
    chain: () => ({ ...chain, rows: chain.rows.slice(0, -1) }),
  },
  {
    does: 'An entry stands in the file twice',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({ ...bundle, entries: bundle.entries.toSpliced(place, 0, proof) }),
    said: [`${at} entry.duplicate`],
    chain: () => ({ ...chain, rows: chain.rows.toSpliced(at, 0, row(at)) }),
  },
  {
    does: 'An entry stands in the file under a second index as well',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...bundle,
      entries: bundle.entries.toSpliced(place, 0, { ...proof, index: 4 }),
    }),
    said: ['4 cause.later', '4 entry.not-included', '4 entry.unlisted', `${at} entry.duplicate`],
    chain: () => ({ ...chain, rows: chain.rows.toSpliced(at, 0, { ...row(at), n: 4 }) }),
  },
];

export const disclosureAttacks: readonly FileAttack[] = [
  {
    does: 'A name is exchanged for another, with a salt of its own',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => disclosed(1, strangersName),
    said: [`${at} disclosure.foreign`],
    chain: () => changeRow(at, { body: editBody(at, 'Paula Okafor', 'Somebody Else')[at]! }),
  },
  {
    does: 'A name is exchanged for another, with the salt of the true one',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respelledField(swap(opened(1), 'Paula Okafor', 'Pauline Okafor')),
    said: [`${at} disclosure.foreign`],
    chain: () => changeRow(at, { body: editBody(at, 'Paula Okafor', 'Pauline Okafor')[at]! }),
  },
  {
    does: 'The same name spelled with other code points, which look the same',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respelledField(swap(opened(1), 'Okafor', 'O\u043aafor')),
    said: [`${at} disclosure.foreign`],
    chain: () => changeRow(at, { body: editBody(at, 'Okafor', 'O\u043aafor')[at]! }),
  },
  {
    does: 'The same field of two entries changes places',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => ({
      ...bundle,
      entries: bundle.entries.map((one) => {
        if (one === proof)
          return { ...one, disclosures: one.disclosures.with(0, done.disclosures[0]!) };
        return one === done ? { ...one, disclosures: [proof.disclosures[0]!] } : one;
      }),
    }),
    said: [`${at} disclosure.foreign`, `${done.index} disclosure.foreign`],
  },
  {
    does: 'A field is disclosed twice',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => change({ disclosures: [proof.disclosures[0]!, ...proof.disclosures] }),
    said: [`${at} disclosure.duplicate`],
  },
  {
    does: 'A field is given in another base64 of the same bytes',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => disclosed(1, `${proof.disclosures[1]!}=`),
    said: [`${at} disclosure.malformed`],
  },
  {
    does: 'A field is given in another JSON of the same value',
    holds: 'an exported file',
    knows: 'nothing',
    file: () => respelledField(swap(opened(1), '","', '", "')),
    said: [`${at} disclosure.malformed`],
  },
  {
    does: 'A field has a member twice, and says one thing to each reader',
    holds: 'an exported file',
    knows: 'nothing',
    file: () =>
      disclosed(2, Buffer.from(swap(opened(2), '{', '{"context":"",')).toString('base64url')),
    said: [`${at} disclosure.malformed`],
  },
  {
    does: 'The customer’s signature is exchanged for one by a passkey that they never registered',
    holds: 'the database and the log’s seed',
    knows: 'nothing',
    file: () => sampleLog({ swappedPasskey: true }).bundle,
    said: [`${at} assertion.foreign`],
  },
  {
    does: 'What the customer signed is edited in its disclosure',
    holds: 'an exported file',
    knows: 'nothing',
    file: () =>
      disclosed(
        2,
        Buffer.from(swap(opened(2), 'Ines Moreau', 'Ines Maurer')).toString('base64url'),
      ),
    said: [`${at} assertion.refused`, `${at} disclosure.foreign`],
  },
];
