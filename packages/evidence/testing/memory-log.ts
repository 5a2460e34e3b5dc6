import {
  bytesToBase64url,
  newId,
  type Clock,
  type Id,
  type Json,
  type JsonObject,
  type Random,
} from '@proofline/kernel';
import { BUNDLE_FORMAT, manifestDigest, type EvidenceBundle } from '../bundle/bundle.ts';
import { makeDisclosure } from '../disclosure.ts';
import { writeEntry, type EvidenceEntry } from '../entry.ts';
import { toBase64 } from '../note/base64.ts';
import type { LogSigner } from '../note/log-signer.ts';
import { treeRoot } from '../tree/compact-range.ts';
import { leafHash, type Hash } from '../tree/hash.ts';
import { consistencyPath, inclusionPath, type LeafRange } from '../tree/proof-paths.ts';

/** What is to be logged; all personal fields are about one data subject. */
export interface LogDraft {
  readonly kind: string;
  readonly causes?: readonly Id<'evt'>[];
  readonly refs?: Record<string, string>;
  readonly facts?: JsonObject;
  readonly personal?: Record<string, Json>;
}

/** An entry with what was taken apart from it. */
export interface LoggedEntry {
  readonly entry: EvidenceEntry;
  readonly leaf: string;
  readonly disclosures: readonly string[];
}

/** A log that lives as long as a test. Its clock goes on by 1.25 s with each entry. */
export interface MemoryLog {
  readonly entries: readonly LoggedEntry[];
  write(draft: LogDraft): Id<'evt'>;
  /** Logs the export of these entries, and answers its file. */
  export(ids: readonly Id<'evt'>[], signer: LogSigner): EvidenceBundle;
}

/** @see MemoryLog */
export function memoryLog(ports: {
  readonly clock: Clock & { advance(ms: number): void };
  readonly random: Random;
}): MemoryLog {
  const { clock, random } = ports;
  const subject = newId('psn', ports);
  const entries: LoggedEntry[] = [];

  const write = (draft: LogDraft): Id<'evt'> => {
    clock.advance(1_250);
    const disclosures = Object.entries(draft.personal ?? {}).map(([name, value]) =>
      makeDisclosure(name, value, random),
    );
    const digests = disclosures.map(({ digest }) => digest).sort();
    const entry: EvidenceEntry = {
      v: 1,
      id: newId('evt', ports),
      kind: draft.kind,
      at: new Date(clock.now()).toISOString(),
      causes: draft.causes ?? [],
      refs: draft.refs ?? {},
      subjects: digests.length > 0 ? { customer: subject } : {},
      facts: draft.facts ?? {},
      _sd: digests.length > 0 ? [{ subject, retention: 'case', digests }] : [],
    };
    const texts = disclosures.map(({ text }) => text);
    entries.push({ entry, leaf: writeEntry(entry), disclosures: texts });
    return entry.id;
  };

  return {
    entries,
    write,
    export(ids, signer) {
      const exportId = newId('exp', ports);
      const held = new Set<string>(ids);
      const chosen = entries.flatMap((one, index) =>
        held.has(one.entry.id) ? [{ ...one, index }] : [],
      );
      const causes = new Set(chosen.flatMap(({ entry }) => entry.causes));
      const manifest = {
        entries: chosen.map(({ entry: { id }, leaf, index }) => {
          return { index, id, leafHash: bytesToBase64url(leafHash(leaf)) };
        }),
        outside: [...causes].filter((cause) => !held.has(cause)).sort(),
      };
      write({
        kind: 'evidence.exported',
        refs: { exportId },
        facts: { entryCount: ids.length, manifestDigest: manifestDigest(manifest) },
      });
      const own = { ...entries.at(-1)!, index: entries.length - 1 };
      const hashes = entries.map(({ leaf }) => leafHash(leaf));
      return {
        format: BUNDLE_FORMAT,
        exportId,
        exportedAt: own.entry.at,
        checkpoint: signer.signCheckpoint({ size: hashes.length, root: treeRoot(hashes) }),
        verifierKey: signer.key.text,
        manifest,
        entries: [...chosen, own].map(({ index, leaf, disclosures }) => {
          const proof = inclusionProof(hashes, index).map(toBase64);
          return { index, leaf, proof, disclosures };
        }),
      };
    },
  };
}

/** The proof that a leaf is in the tree of all of these. */
export function inclusionProof(hashes: readonly Hash[], index: number): readonly Hash[] {
  return inclusionPath(index, hashes.length).map((range) => rootOf(hashes, range));
}

/** The proof that the tree of all of these began with the first `oldSize` of them. */
export function consistencyProof(hashes: readonly Hash[], oldSize: number): readonly Hash[] {
  return consistencyPath(oldSize, hashes.length).map((range) => rootOf(hashes, range));
}

function rootOf(hashes: readonly Hash[], { start, end }: LeafRange): Hash {
  return treeRoot(hashes.slice(start, end));
}
