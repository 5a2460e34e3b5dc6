import { bytesToBase64url, canonicalJson, type JsonObject } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeDisclosure } from '../disclosure.ts';
import { logSigner } from '../note/log-signer.ts';
import { consistencyPath } from '../tree/proof-paths.ts';
import { leafHash } from '../tree/hash.ts';
import { treeRoot } from '../tree/compact-range.ts';
import { sampleLog } from '../testing/index.ts';
import { writeBundle, type BundleEntry, type EvidenceBundle } from './bundle.ts';
import { verifyBundle } from './verify-bundle.ts';
import { verifyGrowth, verifyLog } from './verify-log.ts';

const { bundle, leaves, signer } = sampleLog();
const proofAt = bundle.entries.findIndex(({ leaf }) => leaf.includes('"proof.bound"'));
const proofItem = bundle.entries[proofAt]!;

function change(at: number, item: Partial<BundleEntry>): EvidenceBundle {
  const entries = bundle.entries.map((one, index) => (index === at ? { ...one, ...item } : one));
  return { ...bundle, entries };
}

/** The faults of a bundle as `index code`; an index of `-` is the whole file. */
function faultsOf(file: EvidenceBundle | string): string[] {
  const verdict = verifyBundle(typeof file === 'string' ? file : writeBundle(file));
  const faults = [
    ...verdict.faults.map(({ code }) => `- ${code}`),
    ...verdict.entries.flatMap((one) => one.faults.map(({ code }) => `${one.index} ${code}`)),
  ];
  expect(verdict.ok).toBe(faults.length === 0);
  return faults;
}

describe('a bundle', () => {
  test('verifies, with every state and the customer’s signature', () => {
    const verdict = verifyBundle(writeBundle(bundle), { trustedKey: signer.key.text });
    expect(verdict.ok).toBe(true);
    expect(verdict.log).toMatchObject({ origin: 'staff.localhost/demo', size: 13, trusted: true });
    expect(verdict.entries.map(({ state }) => state)).toEqual(bundle.entries.map(() => 'present'));
    expect(verdict.entries[proofAt]).toMatchObject({
      assertion: { registeredIndex: 2 },
      withheldCount: 0,
    });
  });

  test('stays valid when personal fields are withheld, and says how many', () => {
    const verdict = verifyBundle(writeBundle(change(proofAt, { disclosures: [] })));
    expect(verdict.ok).toBe(true);
    expect(verdict.entries[proofAt]).toMatchObject({
      state: 'redacted',
      withheldCount: 3,
      assertion: undefined,
    });
  });

  test('of a log that the reader does not trust is refused', () => {
    const other = logSigner('staff.localhost/demo', seededRandom('other').bytes(32));
    const verdict = verifyBundle(writeBundle(bundle), { trustedKey: other.key.text });
    expect(verdict.ok).toBe(false);
    expect(verdict.faults.map(({ code }) => code)).toEqual(['key.untrusted']);
  });
});

const other = logSigner('staff.localhost/demo', seededRandom('other').bytes(32));
const root = treeRoot(leaves.map(leafHash));
const at = proofItem.index;
const last = bundle.entries.length - 1;
const without = (index: number) => bundle.entries.filter((_, place) => place !== index);
const line = bundle.manifest.entries[3]!;

const tamperings: Record<string, readonly [EvidenceBundle | string, ...string[]]> = {
  'a letter of an entry': [
    change(proofAt, { leaf: proofItem.leaf.replace('"acr":"phr"', '"acr":"phrh"') }),
    `${at} entry.altered`,
    `${at} entry.not-included`,
  ],
  'an entry respelled': [
    change(proofAt, { leaf: proofItem.leaf.replace('"v":1', '"v":1.0') }),
    `${at} entry.malformed`,
  ],
  'an entry moved to another index': [
    change(proofAt, { index: 4 }),
    '4 entry.unlisted',
    '4 entry.not-included',
    '4 cause.later',
    `${at} entry.missing`,
  ],
  'an entry left out': [{ ...bundle, entries: without(proofAt) }, `${at} entry.missing`],
  'an entry left out of the file and of the list': [
    {
      ...bundle,
      entries: without(proofAt),
      manifest: {
        ...bundle.manifest,
        entries: bundle.manifest.entries.filter(({ index }) => index !== at),
      },
    },
    '- manifest.unproved',
    'undefined cause.missing',
    '12 entry.unlisted',
  ],
  'an entry left out and called outside': [
    {
      ...bundle,
      entries: without(proofAt),
      manifest: {
        entries: bundle.manifest.entries.filter(({ index }) => index !== at),
        outside: [...bundle.manifest.outside, line.id],
      },
    },
    '- manifest.unproved',
    '12 entry.unlisted',
  ],
  'the entry of the export left out': [
    { ...bundle, entries: without(last) },
    '- manifest.unproved',
  ],
  'an entry twice': [
    { ...bundle, entries: [...bundle.entries.slice(0, 1), ...bundle.entries] },
    `${bundle.entries[0]!.index} entry.duplicate`,
  ],
  'a hash of a proof': [
    change(proofAt, { proof: [proofItem.proof[1]!, ...proofItem.proof.slice(1)] }),
    `${at} entry.not-included`,
  ],
  'a proof cut short': [
    change(proofAt, { proof: proofItem.proof.slice(1) }),
    `${at} entry.not-included`,
  ],
  'a proof respelled': [
    change(proofAt, { proof: proofItem.proof.map((hash) => hash.replace('=', '')) }),
    `${at} entry.not-included`,
  ],
  'a listed hash': [
    {
      ...bundle,
      manifest: {
        ...bundle.manifest,
        entries: bundle.manifest.entries.map((one) =>
          one === line ? { ...one, leafHash: bytesToBase64url(leafHash('x')) } : one,
        ),
      },
    },
    '- manifest.unproved',
    `${at} entry.altered`,
    '12 entry.unlisted',
  ],
  'the list out of order': [
    {
      ...bundle,
      manifest: { ...bundle.manifest, entries: bundle.manifest.entries.toReversed() },
    },
    '- manifest.unproved',
    '- manifest.unordered',
    '12 entry.unlisted',
  ],
  'the time of the export': [
    { ...bundle, exportedAt: '2026-11-02T10:00:00.000Z' },
    '- manifest.unproved',
    '12 entry.unlisted',
  ],
  'a disclosed name': [
    change(proofAt, {
      disclosures: [
        ...proofItem.disclosures.slice(0, 1),
        makeDisclosure('name', 'Somebody Else', seededRandom('x')).text,
        ...proofItem.disclosures.slice(2),
      ],
    }),
    `${at} disclosure.foreign`,
  ],
  'a disclosure twice': [
    change(proofAt, { disclosures: [...proofItem.disclosures, proofItem.disclosures[0]!] }),
    `${at} disclosure.duplicate`,
  ],
  'a disclosure with a letter more': [
    change(proofAt, { disclosures: [`${proofItem.disclosures[0]!}A`] }),
    `${at} disclosure.malformed`,
  ],
  'a disclosure at another entry': [
    change(0, { disclosures: [proofItem.disclosures[0]!] }),
    `${bundle.entries[0]!.index} disclosure.foreign`,
  ],
  'a member that the format does not have': [
    JSON.stringify({ ...bundle, comment: 'all is well' }),
    '- bundle.malformed',
  ],
  'a file cut short': [writeBundle(bundle).slice(0, -20), '- bundle.malformed'],
  'the log’s key': [
    { ...bundle, verifierKey: other.key.text },
    '- checkpoint.unsigned',
    ...bundle.entries.map(({ index }) => `${index} entry.not-included`),
  ],
  'a key whose hash is another’s': [
    { ...bundle, verifierKey: bundle.verifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+') },
    '- key.malformed',
    ...bundle.entries.map(({ index }) => `${index} entry.not-included`),
  ],
  'the checkpoint’s size': [
    { ...bundle, checkpoint: bundle.checkpoint.replace('\n13\n', '\n14\n') },
    '- checkpoint.unsigned',
    ...bundle.entries.map(({ index }) => `${index} entry.not-included`),
  ],
  'the checkpoint, signed again over another tree': [
    { ...bundle, checkpoint: signer.signCheckpoint({ size: 13, root: leafHash('x') }) },
    ...bundle.entries.map(({ index }) => `${index} entry.not-included`),
  ],
  'the checkpoint, signed again with another key': [
    { ...bundle, checkpoint: other.signCheckpoint({ size: 13, root }) },
    '- checkpoint.unsigned',
    ...bundle.entries.map(({ index }) => `${index} entry.not-included`),
  ],
};

describe('a bundle with something changed is refused, exactly there', () => {
  test.each(Object.entries(tamperings))('%s', (_, [file, ...expected]) => {
    expect(faultsOf(file).sort()).toEqual(expected.sort());
  });

  test('any one character of the file', () => {
    const file = writeBundle(bundle);
    const printable = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.nat(file.length - 1), printable, (place, letter) => {
        fc.pre(file[place] !== letter && file[place] !== ' ' && file[place] !== '\n');
        const changed = file.slice(0, place) + letter + file.slice(place + 1);
        expect(verifyBundle(changed).ok).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('an assertion by a passkey that was not registered, in an otherwise sound log', () => {
    const forged = sampleLog({ swappedPasskey: true }).bundle;
    expect(faultsOf(forged)).toEqual([`${at} assertion.foreign`]);
  });

  test('an assertion that the log committed to, and that does not verify', () => {
    const { bundle: forged } = sampleLog();
    const item = forged.entries[proofAt]!;
    // The sample's third disclosure is the assertion, an object of texts.
    const parts = JSON.parse(Buffer.from(item.disclosures[2]!, 'base64url').toString()) as [
      string,
      string,
      JsonObject,
    ];
    const bent = canonicalJson([parts[0], parts[1], { ...parts[2], context: '{}' }]);
    const text = Buffer.from(bent).toString('base64url');
    const file = change(proofAt, { disclosures: [...item.disclosures.slice(0, 2), text] });
    expect(faultsOf(file)).toEqual([`${at} disclosure.foreign`, `${at} assertion.refused`]);
  });
});

describe('a whole log', () => {
  const note = signer.signCheckpoint({ size: leaves.length, root });

  test('verifies against its checkpoint', () => {
    expect(verifyLog(leaves, note, signer.key)).toMatchObject({ ok: true, entryCount: 13 });
  });

  test.each([
    ['one entry less', leaves.slice(0, -1), 'of 13 entries'],
    ['two entries swapped', [leaves[1]!, leaves[0]!, ...leaves.slice(2)], 'not those'],
    ['an entry twice', [...leaves.slice(0, -1), leaves[0]!], 'Entry 12 has the id'],
    ['an entry malformed', [...leaves.slice(0, -1), '{}'], 'Entry 12 is malformed'],
  ])('with %s is refused', (_, changed, because) => {
    const verdict = verifyLog(changed, note, signer.key);
    expect(verdict.ok).toBe(false);
    expect(verdict.faults.join(' ')).toContain(because);
  });

  test('grows only at its end', () => {
    const hashes = leaves.map(leafHash);
    const older = signer.signCheckpoint({ size: 5, root: treeRoot(hashes.slice(0, 5)) });
    const proof = consistencyPath(5, 13).map((range) =>
      treeRoot(hashes.slice(range.start, range.end)),
    );
    const claim = { older, newer: note, proof, key: signer.key };
    expect(verifyGrowth(claim)).toBe(true);
    const forked = signer.signCheckpoint({ size: 5, root: leafHash('fork') });
    expect(verifyGrowth({ ...claim, older: forked })).toBe(false);
    expect(verifyGrowth({ ...claim, key: other.key })).toBe(false);
  });
});
