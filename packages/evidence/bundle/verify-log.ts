import { parseEntry } from '../entry.ts';
import { ErasureRecord } from '../erasure/erased.ts';
import { StandingEntries } from '../erasure/standing.ts';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { compactRange } from '../tree/compact-range.ts';
import { leafHash, sameHash, type Hash } from '../tree/hash.ts';
import { verifyConsistency } from '../tree/verify-proofs.ts';

/** The outcome of {@link verifyLog}. */
export interface LogVerdict {
  readonly ok: boolean;
  readonly checkpoint: Checkpoint | undefined;
  readonly entryCount: number;
  /** Sentences; each names the index that it is about. */
  readonly faults: readonly string[];
}

/** What a log keeps of an erased entry. */
export interface ErasedLeaf {
  readonly leafHash: Hash;
  /** {@link erasedIdHash} of the id that it had. */
  readonly idHash: string;
}

/**
 * Verifies a whole log: every leaf in order against a signed checkpoint of all of them. What is
 * erased must be explained by an erasure that lies after it in this very log.
 */
export function verifyLog(
  leaves: Iterable<string | ErasedLeaf>,
  note: string,
  key: VerifierKey,
): LogVerdict {
  const faults: string[] = [];
  const range = compactRange();
  const ids = new Set<string>();
  const erasures = new ErasureRecord();
  const standing = new StandingEntries();
  const holes: { readonly index: number; readonly idHash: string }[] = [];
  for (const leaf of leaves) {
    if (typeof leaf !== 'string') {
      holes.push({ index: range.size, idHash: leaf.idHash });
      range.append(leaf.leafHash);
      continue;
    }
    const entry = parseEntry(leaf);
    if (entry.ok) {
      erasures.add(entry.value, range.size);
      standing.see(range.size, entry.value.kind);
    }
    if (!entry.ok) faults.push(`Entry ${range.size} is malformed: ${entry.error}.`);
    else if (ids.has(entry.value.id))
      faults.push(`Entry ${range.size} has the id of an earlier one.`);
    else ids.add(entry.value.id);
    range.append(leafHash(leaf));
  }
  for (const { index, idHash } of holes) {
    if (!erasures.ofLeaf(index, idHash)) {
      faults.push(`Entry ${index} is missing, and no erasure in the log says why.`);
    }
  }
  for (const { index } of erasures.prunesBelied(standing)) {
    faults.push(`The prune of entry ${index} left other entries standing than are here.`);
  }
  const checkpoint = openCheckpoint(note, key);
  if (!checkpoint) faults.push('The checkpoint is malformed or not signed by the log key.');
  else if (checkpoint.size !== range.size) {
    faults.push(`The checkpoint is of ${checkpoint.size} entries; here are ${range.size}.`);
  } else if (!sameHash(checkpoint.root, range.root())) {
    faults.push('The entries are not those of which the checkpoint is.');
  }
  return { ok: faults.length === 0, checkpoint, entryCount: range.size, faults };
}

/**
 * Whether a newer checkpoint only added to what an older one had signed. Both notes must be signed
 * by the key. The proof may be empty only where both are of the same tree.
 */
export function verifyGrowth(claim: {
  readonly older: string;
  readonly newer: string;
  readonly proof: readonly Hash[];
  readonly key: VerifierKey;
}): boolean {
  const older = openCheckpoint(claim.older, claim.key);
  const newer = openCheckpoint(claim.newer, claim.key);
  if (!older || !newer) return false;
  return verifyConsistency({
    oldSize: older.size,
    oldRoot: older.root,
    newSize: newer.size,
    newRoot: newer.root,
    proof: claim.proof,
  });
}
