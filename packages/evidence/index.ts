/**
 * Evidence that needs no trust in its keeper: the RFC 6962 tree and its proofs, C2SP notes and
 * checkpoints, salted disclosures, entries, and the offline verifier. Depends on Node alone.
 */
export { findAssertionFault, type StoredAssertion } from './assertion/customer-assertion.ts';
export { parseCoseKey, type CosePublicKey } from './assertion/cose-key.ts';
export {
  BUNDLE_FORMAT,
  bundleLimits,
  manifestDigest,
  parseBundle,
  writeBundle,
  type BundleEntry,
  type BundleManifest,
  type ErasedEntry,
  type EvidenceBundle,
  type ManifestLine,
} from './bundle/bundle.ts';
export {
  bundleFaults,
  type BundleFault,
  type BundleFaultCode,
  type BundleVerdict,
  type EntryState,
  type EntryVerdict,
  type LogIdentity,
} from './bundle/verdict.ts';
export { verifyBundle, type VerifyOptions } from './bundle/verify-bundle.ts';
export { verifyGrowth, verifyLog, type ErasedLeaf, type LogVerdict } from './bundle/verify-log.ts';
export {
  makeDisclosure,
  openDisclosure,
  type DisclosedField,
  type Disclosure,
} from './disclosure.ts';
export {
  erasedIdHash,
  erasureKinds,
  ErasureRecord,
  monthOf,
  type Erasure,
  type FieldsOf,
} from './erasure/erased.ts';
export { isErasable, standingAt, StandingEntries } from './erasure/standing.ts';
export {
  createFeedCheck,
  type FeedCheck,
  type FeedOptions,
  type FeedVerdict,
  type IndexRange,
} from './feed/check-feed.ts';
export { writeFeedLine, type FeedItem } from './feed/feed-item.ts';
export { readFeedLine } from './feed/read-feed-line.ts';
export { parseEntry, writeEntry, type EvidenceEntry, type SubjectDigests } from './entry.ts';
export { fromBase64, toBase64 } from './note/base64.ts';
export {
  openCheckpoint,
  parseCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from './note/checkpoint.ts';
export {
  parseWitnessKey,
  witnessKey,
  witnessSigner,
  type Cosigned,
  type WitnessKey,
  type WitnessSigner,
} from './note/cosignature.ts';
export { logSigner, type LogSigner } from './note/log-signer.ts';
export { type NamedKey } from './note/named-key.ts';
export {
  parseNote,
  parseSignatures,
  signaturesBy,
  verifyNote,
  writeNote,
  writeSignature,
  type NoteSignature,
  type SignedNote,
} from './note/signed-note.ts';
export { parseVerifierKey, verifierKey, type VerifierKey } from './note/verifier-key.ts';
export {
  openTlogProof,
  parseTlogProof,
  writeTlogProof,
  type TlogProof,
} from './note/tlog-proof.ts';
export { checkTiles, type TileSource, type TilesVerdict } from './tiles/root-from-tiles.ts';
export {
  parseEntryBundle,
  parseHashTile,
  writeEntryBundle,
  writeHashTile,
} from './tiles/tile-bytes.ts';
export { parseTilePath, TILE_WIDTH, writeTilePath, type TileRef } from './tiles/tile-path.ts';
export { filledWidth, tilesOfLevel } from './tiles/tiles-of-log.ts';
export {
  judgeCheckpoint,
  judgeWitnesses,
  type JudgedCheckpoint,
  type PolicyVerdict,
  type WitnessVerdict,
} from './policy/judge-checkpoint.ts';
export { parsePolicy } from './policy/parse-policy.ts';
export {
  policyLimits,
  type PolicyLog,
  type PolicyWitness,
  type Quorum,
  type WitnessPolicy,
} from './policy/witness-policy.ts';
export {
  compactRange,
  foldPeaks,
  treeRoot,
  type CompactRange,
  type NodeSink,
} from './tree/compact-range.ts';
export { EMPTY_ROOT, leafHash, nodeHash, sameHash, type Hash } from './tree/hash.ts';
export {
  consistencyPath,
  inclusionPath,
  isSubtree,
  nodesOf,
  proofFrom,
  subtreeConsistencyPath,
  type LeafRange,
  type NodeRef,
} from './tree/proof-paths.ts';
export {
  provedOldRoot,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  verifySubtreeInclusion,
  type ConsistencyClaim,
  type InclusionClaim,
  type SubtreeConsistencyClaim,
} from './tree/verify-proofs.ts';
