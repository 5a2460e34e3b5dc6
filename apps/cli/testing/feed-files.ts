import { leafHash, treeRoot, writeFeedLine, type FeedItem } from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';

/** What receivers were sent of the sample log, whole and otherwise: name → text. */
export function feedFiles(): Record<string, string> {
  const { leaves, signer } = sampleLog();
  const { name: origin, text: verifierKey } = signer.key;
  const hashes = leaves.map(leafHash);
  const note = (size: number) =>
    signer.signCheckpoint({ size, root: treeRoot(hashes.slice(0, size)) });
  const items = leaves.flatMap((leaf, index): FeedItem[] => {
    const entry = { type: 'entry', origin, index, leaf, leafHash: hashes[index]! } as const;
    const size = index + 1;
    if (size % 5 > 0 && size < leaves.length) return [entry];
    return [entry, { type: 'checkpoint', origin, size, checkpoint: note(size), verifierKey }];
  });
  const text = (lines: readonly FeedItem[]) => `${lines.map(writeFeedLine).join('\n')}\n`;
  const hashAlone = items.map((item) => {
    if (item.type !== 'entry') return item;
    const { index, leafHash: hash } = item;
    if (index === 6) return { type: 'erased', origin, index, leafHash: hash, idHash: 'x' } as const;
    return index === 8 ? ({ type: 'passed-over', origin, index, leafHash: hash } as const) : item;
  });
  const swapped = items.map((item) => {
    if (item.type !== 'entry' || (item.index !== 6 && item.index !== 7)) return item;
    const at = 13 - item.index;
    return { ...item, leaf: leaves[at]!, leafHash: hashes[at]! };
  });
  return {
    'feed.ndjson': text(items),
    'feed.ndjson.1': text(items.slice(0, 6)),
    'feed-rest.ndjson': text(items.slice(6)),
    'feed-erased.ndjson': text(hashAlone),
    'feed-dropped.ndjson': text(items.filter((item) => item.type !== 'entry' || item.index !== 6)),
    'feed-swapped.ndjson': text(swapped),
    'feed-withheld.ndjson': text(items.slice(0, 6)),
    'feed-reworded.ndjson': text(items).replace('phr', 'phx'),
    'newest-checkpoint': note(13),
  };
}
