import { describe, expect, test } from 'vitest';
import { seededRandom } from '@proofline/kernel/node';
import { makeDisclosure, openDisclosure } from './disclosure.ts';
import { parseEntry, writeEntry, type EvidenceEntry } from './entry.ts';
import { sampleLog } from './testing/index.ts';

const { leaves } = sampleLog();
const leaf = leaves.find((text) => text.includes('proof.bound'))!;
// The sample's leaves were written by `writeEntry`.
const entry = JSON.parse(leaf) as EvidenceEntry;
const digests = entry._sd[0]!;

describe('an entry', () => {
  test('reads as it was written', () => {
    const parsed = parseEntry(leaf);
    expect(parsed).toEqual({ ok: true, value: entry });
    expect(writeEntry(entry)).toBe(leaf);
  });

  test.each([
    ['white space', leaf.replace('{', '{ ')],
    [
      'members in another order',
      JSON.stringify(Object.fromEntries(Object.entries(entry).toReversed())),
    ],
    ['an escaped letter', leaf.replace('proof.bound', 'proof.\\u0062ound')],
    ['a member twice', leaf.replace('"v":1', '"v":1,"v":1')],
    ['a number respelled', leaf.replace('"v":1', '"v":1.0')],
    ['no JSON at all', leaf.slice(1)],
    ['a list for an object', '[]'],
  ])('with %s is refused', (_, text) => {
    expect(parseEntry(text).ok).toBe(false);
  });

  test.each([
    ['another version', { v: 2 }],
    ['an id of another kind', { id: 'ses_00000000000000000000000000' }],
    ['a kind that is no kind', { kind: 'Proof bound' }],
    ['a time without milliseconds', { at: '2026-11-02T09:00:00Z' }],
    ['a time of another zone', { at: '2026-11-02T09:00:00.000+01:00' }],
    ['a cause that is no entry', { causes: ['int_00000000000000000000000000'] }],
    ['a cause twice', { causes: [entry.id, entry.id] }],
    ['a subject that is no pseudonym', { subjects: { customer: 'cus_1' } }],
    ['an empty ref', { refs: { caseId: '' } }],
    ['a role that is no name', { refs: { 'case id': 'x' } }],
    ['facts that are no object', { facts: [] }],
    ['digests out of order', { _sd: [{ ...digests, digests: digests.digests.toReversed() }] }],
    ['a subject’s digests twice', { _sd: [digests, digests] }],
    ['no digests', { _sd: [{ ...digests, digests: [] }] }],
    ['a digest that is none', { _sd: [{ ...digests, digests: ['x'] }] }],
    ['a member too many', { extra: 1 }],
  ])('with %s cannot be written', (_, change) => {
    // The type forbids these; the check is for what comes from outside.
    expect(() => writeEntry({ ...entry, ...change } as unknown as EvidenceEntry)).toThrow(
      RangeError,
    );
  });

  test('is refused when it is larger than an entry may be', () => {
    expect(() => writeEntry({ ...entry, facts: { text: 'x'.repeat(61_000) } })).toThrow('larger');
  });
});

describe('a disclosure', () => {
  const random = seededRandom('disclosure');
  const one = makeDisclosure('name', 'Paula Okafor', random);

  test('opens to what was committed', () => {
    expect(openDisclosure(one.text)).toEqual({
      name: 'name',
      value: 'Paula Okafor',
      digest: one.digest,
    });
  });

  test('of the same value has another digest every time', () => {
    expect(makeDisclosure('name', 'Paula Okafor', random).digest).not.toBe(one.digest);
  });

  test.each([
    ['a respelled text', Buffer.from('[ "AAAAAAAAAAAAAAAAAAAAAA","name","x"]')],
    ['a short salt', Buffer.from('["AAAA","name","x"]')],
    ['no value', Buffer.from('["AAAAAAAAAAAAAAAAAAAAAA","name"]')],
    ['a name that is no text', Buffer.from('["AAAAAAAAAAAAAAAAAAAAAA",1,"x"]')],
    ['no JSON', Buffer.from('name')],
  ])('with %s is refused', (_, bytes) => {
    expect(openDisclosure(bytes.toString('base64url'))).toBeUndefined();
  });
});
