import {
  leafHash,
  logSigner,
  openDisclosure,
  parseEntry,
  treeRoot,
  writeBundle,
  type BundleEntry,
  type ErasedLeaf,
  type EvidenceBundle,
} from '@proofline/evidence';
import { consistencyProof, inclusionProof, sampleLog } from '@proofline/evidence/testing';
import { seededRandom } from '@proofline/kernel/node';
import { chainOf, type HashChain } from './hash-chain.ts';

/** The log that is attacked: 13 entries, and the export of one call from it. */
export const { bundle, leaves, signer } = sampleLog();

/** The entry of the customer’s proof: its place in the file, and its index in the log. */
export const place = bundle.entries.findIndex(({ leaf }) => leaf.includes('"proof.bound"'));
export const proof = bundle.entries[place]!;
/** The entry after it, and the first one, for what is swapped or transplanted. */
export const grant = bundle.entries[place + 1]!;
export const first = bundle.entries[0]!;
export const done = bundle.entries.find(({ leaf }) => leaf.includes('"request.completed"'))!;
export const last = bundle.entries.at(-1)!;

const origin = signer.key.name;
/** A key of somebody who has the log’s name but not its seed. */
export const thief = logSigner(origin, seededRandom('thief').bytes(32));
/** Another log of the same company. */
export const neighbour = logSigner('staff.localhost/other', seededRandom('neighbour').bytes(32));

/** An earlier checkpoint of the log, as an auditor kept it. */
export const KEPT_SIZE = 9;
export const kept = checkpointOf(leaves.slice(0, KEPT_SIZE));

/** A checkpoint of these by the log’s own key, or by another’s. */
export function checkpointOf(texts: readonly string[], by = signer): string {
  return by.signCheckpoint({ size: texts.length, root: treeRoot(texts.map(leafHash)) });
}

/** The file with one entry changed. */
export function change(item: Partial<BundleEntry>, at = place): EvidenceBundle {
  return { ...bundle, entries: bundle.entries.with(at, { ...bundle.entries[at]!, ...item }) };
}

/** The file with another list of contents. */
export function relist(manifest: Partial<EvidenceBundle['manifest']>): EvidenceBundle {
  return { ...bundle, manifest: { ...bundle.manifest, ...manifest } };
}

/** The text of the file, with something replaced in it that must be there. */
export function respell(from: string, to: string): string {
  const text = writeBundle(bundle);
  if (!text.includes(from)) throw new Error(`the file has no ${from}`);
  return text.replace(from, () => to);
}

/** A text with something replaced that must be there. */
export function swap(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`the text has no ${from}`);
  return text.replace(from, () => to);
}

/** The file of the same call from a log with these leaves, its proofs and checkpoint made anew. */
export function exportFrom(texts: readonly string[], by = signer): EvidenceBundle {
  const hashes = texts.map(leafHash);
  return {
    ...bundle,
    verifierKey: by.key.text,
    checkpoint: checkpointOf(texts, by),
    entries: bundle.entries.map((one) => ({
      ...one,
      leaf: texts[one.index]!,
      proof: inclusionProof(hashes, one.index).map((hash) => Buffer.from(hash).toString('base64')),
    })),
  };
}

/** The proof of growth that fits these leaves best. */
export function growthOf(texts: readonly (string | ErasedLeaf)[], oldSize: number) {
  const hashes = texts.map((one) => (typeof one === 'string' ? leafHash(one) : one.leafHash));
  return texts.length < oldSize ? [] : consistencyProof(hashes, oldSize);
}

/** The id of an entry of the log. */
export function idOf(index: number): string {
  const parsed = parseEntry(leaves[index]!);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value.id;
}

/** The same entries as rows of a hash chain: the personal fields stand in the body, in clear. */
export const bodies: readonly string[] = leaves.map((leaf, index) => {
  const parsed = parseEntry(leaf);
  if (!parsed.ok) throw new Error(parsed.error);
  const { _sd: _, ...facts } = parsed.value;
  const texts = bundle.entries.find((one) => one.index === index)?.disclosures ?? [];
  const fields = texts.map(openDisclosure).map((field) => [field!.name, field!.value]);
  return JSON.stringify({ ...facts, personal: Object.fromEntries(fields) as object });
});

/** The honest chain. */
export const chain: HashChain = chainOf(bodies);

/** The chain with one row changed and no hash computed anew. */
export function changeRow(n: number, to: Partial<HashChain['rows'][number]>): HashChain {
  return { ...chain, rows: chain.rows.with(n, { ...chain.rows[n]!, ...to }) };
}

/** The bodies with one of them edited. */
export function editBody(n: number, from: string, to: string): string[] {
  return bodies.with(n, swap(bodies[n]!, from, to));
}
