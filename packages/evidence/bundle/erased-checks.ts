import { monthOf, type ErasureRecord } from '../erasure/erased.ts';
import { fromBase64, toBase64 } from '../note/base64.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import type { Hash } from '../tree/hash.ts';
import { verifyInclusion } from '../tree/verify-proofs.ts';
import type { BundleEntry, ErasedEntry } from './bundle.ts';
import type { Examined } from './entry-checks.ts';
import { fault, type BundleFault, type EntryVerdict } from './verdict.ts';
import type { Reading } from './verify-bundle.ts';

/** Whether the signed tree holds this hash at the place of an item. */
export function isIncluded(
  { index, proof: texts }: Pick<BundleEntry, 'index' | 'proof'>,
  hash: Hash,
  checkpoint: Checkpoint | undefined,
): boolean {
  const proof = texts.map(fromBase64);
  return (
    checkpoint !== undefined &&
    proof.every((one) => one !== undefined) &&
    verifyInclusion({
      leafIndex: index,
      treeSize: checkpoint.size,
      leafHash: hash,
      root: checkpoint.root,
      proof,
    })
  );
}

/** The verdicts on entries of which only the hash is left, and on those that the list names and the file lacks. */
export function judgeErased(reading: Reading): EntryVerdict[] {
  const { bundle, items } = reading;
  const { erased = [] } = bundle;
  const listed = bundle.manifest.erased ?? [];
  const seen = new Set(items.map(({ item }) => item.index));
  const verdicts = erased.map((one) => {
    const twin = seen.has(one.index) ? [fault('entry.duplicate')] : [];
    seen.add(one.index);
    return judge(one, reading, twin);
  });
  const absent = listed
    .filter(({ index }) => !erased.some((one) => one.index === index))
    .map(({ index }) => gone(index, 'missing', [fault('entry.missing')]));
  return [...verdicts, ...absent];
}

function judge(
  one: ErasedEntry,
  { bundle, checkpoint, erasures }: Reading,
  twin: readonly BundleFault[],
): EntryVerdict {
  const line = bundle.manifest.erased?.find(({ index }) => index === one.index);
  const isListed = line?.idHash === one.idHash && line.leafHash === one.leafHash;
  const hash = fromBase64(one.leafHash);
  const isIn =
    hash !== undefined && toBase64(hash) === one.leafHash && isIncluded(one, hash, checkpoint);
  const faults = [
    ...twin,
    ...(isListed ? [] : [fault('entry.unlisted')]),
    ...(isIn ? [] : [fault('entry.not-included')]),
  ];
  const by = erasures.ofLeaf(one.index, one.idHash);
  if (!by) return gone(one.index, 'missing', [...faults, fault('erasure.unexplained')]);
  const state = by.kind === 'erasure.pruned' ? 'pruned' : 'erased';
  return {
    ...gone(one.index, faults.length > 0 ? 'tampered' : state, faults),
    erasedBy: by.index,
  };
}

function gone(
  index: number,
  state: EntryVerdict['state'],
  faults: readonly BundleFault[],
): EntryVerdict {
  return {
    index,
    evidenceId: undefined,
    entry: undefined,
    state,
    disclosed: [],
    withheldCount: 0,
    erasedCount: 0,
    erasedBy: undefined,
    assertion: undefined,
    faults,
  };
}

/** How many of the withheld fields of an entry are explained by an erasure, and by which. */
export function findErasedFields(
  { item, entry, disclosed }: Examined,
  erasures: ErasureRecord,
): Pick<EntryVerdict, 'erasedCount' | 'erasedBy'> {
  const shown = new Set(disclosed.map((field) => field?.digest));
  const month = monthOf(entry.at);
  const taken = entry._sd.flatMap(({ subject, retention, digests }) => {
    const by = erasures.ofFields(item.index, { subject, retention, month });
    const count = digests.filter((digest) => !shown.has(digest)).length;
    return by && count > 0 ? [{ by, count }] : [];
  });
  return {
    erasedCount: taken.reduce((sum, { count }) => sum + count, 0),
    erasedBy: taken.length > 0 ? Math.min(...taken.map(({ by }) => by.index)) : undefined,
  };
}
