import { canonicalJson, type JsonObject } from '@proofline/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erasedIdHash } from '../erasure/erased.ts';
import { logSigner } from '../note/log-signer.ts';
import { sampleLog } from '../testing/index.ts';
import { compactRange, treeRoot } from '../tree/compact-range.ts';
import { leafHash } from '../tree/hash.ts';
import { createFeedCheck, type FeedOptions } from './check-feed.ts';
import { writeFeedLine, type FeedItem } from './feed-item.ts';

const { leaves, signer } = sampleLog();
const other = logSigner(signer.key.name, new Uint8Array(32).fill(7));
const { name: origin, text: trustedKey } = signer.key;

const entry = (index: number, leaf = leaves[index]!): FeedItem => ({
  type: 'entry',
  origin,
  index,
  leaf,
  leafHash: leafHash(leaf),
});
const hashOnly = (index: number): FeedItem => ({
  type: 'passed-over',
  origin,
  index,
  leafHash: leafHash(leaves[index]!),
});
const note = (size: number, by = signer) =>
  by.signCheckpoint({ size, root: treeRoot(leaves.slice(0, size).map(leafHash)) });
const checkpoint = (size: number, by = signer): FeedItem => ({
  type: 'checkpoint',
  origin,
  size,
  checkpoint: note(size, by),
  verifierKey: by.key.text,
});
/** Pages of five, each with the checkpoint that covers it, as a sender sends them. */
const whole = leaves.flatMap((_, index) =>
  index % 5 === 4 || index === leaves.length - 1
    ? [entry(index), checkpoint(index + 1)]
    : [entry(index)],
);
const judge = (lines: readonly string[], options: FeedOptions = { trustedKey }) => {
  const check = createFeedCheck(options);
  for (const line of lines) check.take(line);
  return check.finish();
};
const judgeItems = (items: readonly FeedItem[], options?: FeedOptions) =>
  judge(items.map(writeFeedLine), options);

describe('a feed', () => {
  test('that is whole verifies, in any order and with repetitions', () => {
    const counts = { entries: 13, erased: 0, passedOver: 0 };
    const expected = { ok: true, start: 0, counts, missing: [], faults: [] };
    expect(judgeItems(whole)).toMatchObject(expected);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(whole, { minLength: whole.length }),
        fc.subarray(whole),
        (shuffled, again) => {
          expect(judgeItems([...shuffled, ...again])).toMatchObject(expected);
        },
      ),
      { numRuns: 50, seed: 5 },
    );
  });

  test('says of each index whether it came in full, was erased, or was not asked for', () => {
    const items = whole.map((item) => {
      if (item.type !== 'entry') return item;
      return item.index % 4 === 3 ? hashOnly(item.index) : item;
    });
    expect(judgeItems(items)).toMatchObject({
      ok: true,
      counts: { entries: 10, erased: 0, passedOver: 3 },
    });
  });

  test('tells an erased entry from a withheld one by the erasure that the log tells of', () => {
    const idOf = (leaf: string) => JSON.parse(leaf).id as string; // a leaf of the sample
    const erasedIds = { 6: erasedIdHash(idOf(leaves[6]!)) };
    const last = JSON.parse(leaves.at(-1)!) as JsonObject; // as above
    const erasure = canonicalJson({
      ...last,
      kind: 'erasure.entries',
      facts: { entries: erasedIds },
      causes: [],
      refs: {},
      subjects: {},
      _sd: [],
    });
    const erasing = [...leaves.slice(0, -1), erasure];
    const root = treeRoot(erasing.map(leafHash));
    const signed: FeedItem = {
      type: 'checkpoint',
      origin,
      size: 13,
      checkpoint: signer.signCheckpoint({ size: 13, root }),
      verifierKey: trustedKey,
    };
    const { leafHash: hash } = entry(6) as { readonly leafHash: Uint8Array };
    const gone = (idHash: string): FeedItem => ({
      type: 'erased',
      origin,
      index: 6,
      leafHash: hash,
      idHash,
    });
    const feed = (hole: FeedItem) => [
      ...erasing.map((leaf, index) => (index === 6 ? hole : entry(index, leaf))),
      signed,
    ];
    expect(judgeItems(feed(gone(erasedIds[6])))).toMatchObject({ ok: true, counts: { erased: 1 } });
    const unexplained = 'Entry 6 came as its hash alone, and no erasure explains it.';
    expect(judgeItems(feed(gone('another'))).faults).toEqual([unexplained]);
    const without = whole.map((item) =>
      item.type === 'entry' && item.index === 6 ? gone(erasedIds[6]) : item,
    );
    expect(judgeItems(without).faults).toEqual([unexplained]);
  });

  test('that begins in the middle says what came before, and is held to it', () => {
    const range = compactRange();
    for (const leaf of leaves.slice(0, 5)) range.append(leafHash(leaf));
    const begin: FeedItem = { type: 'start', origin, index: 5, peaks: [...range.peaks] };
    const rest = whole.filter((item) => item.type === 'checkpoint' || item.index >= 5);
    expect(judgeItems([begin, ...rest])).toMatchObject({ ok: true, start: 5, missing: [] });
    expect(judgeItems(rest).missing).toEqual([{ start: 0, end: 5 }]);
    const short: FeedItem = { ...begin, peaks: begin.peaks.slice(1) };
    expect(judgeItems([short, ...rest]).faults.join()).toContain('not a tree of that size');
    const later: FeedItem = { ...begin, index: 8, peaks: [] };
    const hidden = rest.filter((item) => item.type === 'checkpoint' || item.index >= 8);
    expect(judgeItems([begin, later, ...hidden]).missing).toEqual([{ start: 5, end: 8 }]);
    const forged: FeedItem = { ...begin, peaks: begin.peaks.toReversed() };
    expect(judgeItems([forged, ...rest]).ok).toBe(false);
  });
});

describe('an attack on a feed is seen', () => {
  test.each(leaves.map((_, index) => index))('entry %i dropped: at its index', (index) => {
    const items = whole.filter((item) => item.type === 'checkpoint' || item.index !== index);
    const verdict = judgeItems(items);
    expect(verdict).toMatchObject({ ok: false, missing: [{ start: index, end: index + 1 }] });
  });

  test('entries swapped, with hashes that fit them: within their page', () => {
    const items = whole.map((item) => {
      if (item.type !== 'entry' || (item.index !== 6 && item.index !== 7)) return item;
      return entry(item.index, leaves[13 - item.index]);
    });
    expect(judgeItems(items).faults).toEqual([
      'Between index 5 and 10 the feed is not what the checkpoint of 10 signs.',
    ]);
  });

  test('an entry reworded under its old hash: at its line', () => {
    const lines = whole.map(writeFeedLine);
    lines[3] = lines[3]!.replace('interaction.started', 'interaction.stirred');
    const { ok, faults, missing } = judge(lines);
    expect(ok).toBe(false);
    expect(faults[0]).toBe('Line 4: entry 3 is not what its hash says.');
    expect(missing).toEqual([{ start: 3, end: 4 }]);
  });

  test('the tail withheld: by a checkpoint that somebody else has', () => {
    const items = whole.filter((item) =>
      item.type === 'checkpoint' ? item.size <= 10 : item.index < 10,
    );
    expect(judgeItems(items).ok).toBe(true);
    const verdict = judgeItems(items, { trustedKey, knownCheckpoint: note(13) });
    expect(verdict.faults).toEqual(['The log had 13 entries; the last 3 were withheld.']);
    expect(judgeItems(whole, { trustedKey, knownCheckpoint: note(7) }).ok).toBe(true);
    const foreign = { trustedKey, knownCheckpoint: note(7, other) };
    expect(judgeItems(whole, foreign).faults.join()).toContain('that you named');
  });

  test('the tail withheld behind its checkpoint: at its indexes', () => {
    const items = whole.filter((item) => item.type === 'checkpoint' || item.index < 11);
    expect(judgeItems(items).missing).toEqual([{ start: 11, end: 13 }]);
  });

  test('an entry added behind the last checkpoint, one that came in two versions, another log', () => {
    expect(judgeItems([...whole, entry(13, leaves[0])]).faults.join()).toContain('from 13 on');
    expect(judgeItems([...whole, entry(4, leaves[5])]).faults.join()).toContain('came twice');
    const foreign = { ...entry(4), origin: 'elsewhere/log' };
    expect(judgeItems([...whole, foreign]).faults.join()).toContain('more than one log');
  });

  test('a checkpoint of another key, in the feed or instead of the log’s own', () => {
    const resigned = whole.map((item) =>
      item.type === 'checkpoint' ? checkpoint(item.size, other) : item,
    );
    expect(judgeItems(resigned).ok).toBe(false);
    // Without a key from elsewhere it is a sound log of somebody: and so it is told.
    expect(judgeItems(resigned, {})).toMatchObject({
      ok: true,
      log: { verifierKey: other.key.text },
    });
    expect(judgeItems([...whole, checkpoint(13, other)]).ok).toBe(false);
    expect(judgeItems(whole.filter(({ type }) => type === 'entry')).ok).toBe(false);
  });

  test('indexes and sizes beyond all measure: at once', () => {
    const far = Number.MAX_SAFE_INTEGER;
    const root = treeRoot([]);
    const huge = signer.signCheckpoint({ size: far - 1, root });
    const item: FeedItem = {
      type: 'checkpoint',
      origin,
      size: 0,
      checkpoint: huge,
      verifierKey: '',
    };
    const verdict = judgeItems([...whole, entry(far, leaves[0]), item]);
    expect(verdict.missing).toEqual([{ start: 13, end: far - 1 }]);
  });

  test('half a line, as a crash leaves it, is told, and hides nothing', () => {
    const lines = whole.map(writeFeedLine);
    const half = lines[3]!.slice(0, 50);
    const again = [...lines.slice(0, 3), half, ...lines.slice(3)];
    expect(judge(again)).toMatchObject({ ok: true, unreadable: 1 });
    expect(judge([...lines.slice(0, 3), half, ...lines.slice(4)])).toMatchObject({
      ok: false,
      missing: [{ start: 3, end: 4 }],
    });
  });

  test('whatever stands there, it is never thrown', () => {
    const lines = whole.map(writeFeedLine);
    fc.assert(
      fc.property(
        fc.nat(lines.length - 1),
        fc.nat(),
        fc.string({ unit: 'binary', maxLength: 3 }),
        (at, place, letters) => {
          const line = lines[at]!;
          const cut = place % line.length;
          const bent = line.slice(0, cut) + letters + line.slice(cut + letters.length);
          if (bent === line) return;
          const verdict = judge([...lines.slice(0, at), bent, ...lines.slice(at + 1)]);
          // A line that only speaks of itself otherwise (its own size, its own key) says nothing new.
          if (whole[at]!.type === 'entry') expect(verdict.ok).toBe(false);
        },
      ),
      { numRuns: 300, seed: 8 },
    );
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), (text) => {
        expect(judge([text]).ok).toBe(false);
      }),
      { numRuns: 200, seed: 9 },
    );
  });
});
