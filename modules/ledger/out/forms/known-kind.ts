import { evidenceKinds, type EvidenceKind } from '@proofline/protocol';

/** Whether the catalogue has this kind: an older log may hold what a newer catalogue lacks. */
export function isKnownKind(kind: string): kind is EvidenceKind {
  return Object.hasOwn(evidenceKinds, kind);
}
