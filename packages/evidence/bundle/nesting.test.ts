import { seededRandom } from '@proofline/kernel/node';
import { describe, expect, test } from 'vitest';
import { findAssertionFault } from '../assertion/customer-assertion.ts';
import { makeDisclosure, openDisclosure } from '../disclosure.ts';
import { parseEntry } from '../entry.ts';
import { assertionKey, sampleLog, signedAssertion } from '../testing/index.ts';
import { writeBundle, type BundleEntry } from './bundle.ts';
import { verifyBundle } from './verify-bundle.ts';

const { bundle } = sampleLog();
const proofAt = bundle.entries.findIndex(({ leaf }) => leaf.includes('"proof.bound"'));
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** The faults of the sample with its proof's entry changed. */
function faultsWith(change: Partial<BundleEntry>): string[] {
  const entries = bundle.entries.map((one, at) => (at === proofAt ? { ...one, ...change } : one));
  const verdict = verifyBundle(writeBundle({ ...bundle, entries }));
  expect(verdict.ok).toBe(false);
  return [...verdict.faults, ...verdict.entries.flatMap(({ faults }) => faults)].map(
    ({ code }) => code,
  );
}

/** A text beyond what one member may hold makes the whole file malformed, before it is looked at. */
const codeAt = (levels: number, code: string) => (levels > 100_000 ? 'bundle.malformed' : code);

describe.each([29_000, 200_000])('JSON nested %i deep is a fault, not a crash', (levels) => {
  test('in an entry', () => {
    const leaf = nested(levels);
    expect(parseEntry(leaf).ok).toBe(false);
    expect(faultsWith({ leaf })).toContain(codeAt(levels, 'entry.malformed'));
  });

  test('in a disclosure', () => {
    const text = Buffer.from(`["s","n",${nested(levels)}]`).toString('base64url');
    expect(openDisclosure(text)).toBeUndefined();
    expect(faultsWith({ disclosures: [text] })).toContain(codeAt(levels, 'disclosure.malformed'));
  });

  test('in the context of an assertion', () => {
    const key = assertionKey('EdDSA', seededRandom('deep').bytes(32));
    const assertion = signedAssertion(`{"a":${nested(levels)}}`, key);
    expect(findAssertionFault(assertion)).toBe('its context is nested too deep');
    const { text } = makeDisclosure('assertion', { ...assertion }, seededRandom('deep'));
    expect(faultsWith({ disclosures: [text] })).toContain(codeAt(levels, 'assertion.refused'));
  });

  test.each(['%', '{"format":%}', '{"a":"\\"[[","b":%}'])('in the file itself: %s', (frame) => {
    const verdict = verifyBundle(frame.replace('%', nested(levels)));
    expect(verdict.faults.map(({ code }) => code)).toEqual(['bundle.malformed']);
    expect(verdict.faults[0]?.text).toContain('nested too deep');
  });
});

test('brackets within texts are no levels', () => {
  expect(
    openDisclosure(makeDisclosure('n', '['.repeat(500), seededRandom('x')).text),
  ).toBeDefined();
});
