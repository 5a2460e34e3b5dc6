import type { MetadataInUse } from '../types.ts';
import type { MetadataBlob } from './read-metadata-blob.ts';

/** In what state metadata is, for people. */
export type MetadataState = 'missing' | 'current' | 'overdue' | 'stale';

/** For how long a blob vouches after the day on which the next one was due. */
interface Grace {
  readonly graceMs: number;
}

/** Metadata for the ceremonies. Without a blob nobody is vouched for, and nothing is forgotten by it. */
export function metadataInUse(blob: MetadataBlob | undefined, { graceMs }: Grace): MetadataInUse {
  if (blob === undefined) return { vouchesUntilMs: 0, models: new Map() };
  return { vouchesUntilMs: blob.nextUpdateMs + graceMs, models: blob.models };
}

/** `overdue`: the next one should be there; `stale`: nobody is `phrh` any more. */
export function metadataState(
  blob: MetadataBlob | undefined,
  { graceMs, nowMs }: Grace & { readonly nowMs: number },
): MetadataState {
  if (blob === undefined) return 'missing';
  if (nowMs <= blob.nextUpdateMs) return 'current';
  return nowMs < blob.nextUpdateMs + graceMs ? 'overdue' : 'stale';
}
