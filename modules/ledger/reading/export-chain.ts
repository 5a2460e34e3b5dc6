import {
  BUNDLE_FORMAT,
  bundleLimits,
  leafHash,
  manifestDigest,
  toBase64,
  writeBundle,
  type BundleManifest,
  type EvidenceBundle,
} from '@proofline/evidence';
import { bytesToBase64url, newId, type Id } from '@proofline/kernel';
import { ProblemError, type FileReply } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import type { EvidenceWriter } from '../types.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { Head } from '../store/head-rows.ts';
import type { Witnesses } from '../witnesses/create-witnesses.ts';
import { readChain } from './chain.ts';
import { openDisclosures } from './disclosures.ts';
import { findGone, type Gone } from './find-gone.ts';
import type { ReadEntry } from './read-rows.ts';
import type { Finder } from './search.ts';
import { createTreeReader, type TreeReader } from './tree-reader.ts';
import { fieldsOfTyped } from './typed-names.ts';

/** How many entries one file holds at most, besides the entry of the export itself. */
const ENTRIES_MAX = 2_000;
/** For how long a file waits for witnesses that it can do without. */
const AWAITED_MS = 2_000;

/** Who exports what, and why. */
export interface ExportRequest {
  readonly id: string;
  readonly purpose: string;
  /** Not without a quorum of witnesses. */
  readonly witnessed: boolean;
  readonly exporterId: string;
  readonly decisionEvidenceId: Id<'evt'>;
}

interface Parts {
  readonly context: Context;
  readonly finder: Finder;
  readonly pseudonyms: Pseudonyms;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceWriter;
  readonly witnesses: Witnesses | undefined;
}

/** Writes the chain of an id as one file. The export is itself an entry, and the last one in it. */
export function createExport(parts: Parts) {
  const { context, finder, sequencer, writer, witnesses } = parts;

  return async (request: ExportRequest): Promise<FileReply> => {
    const seeds = await finder.seeds(request.id, ENTRIES_MAX);
    if (seeds.length === 0) throw new ProblemError('evidence.unknown');
    const chain = await readChain(context, seeds, ENTRIES_MAX);
    const gone = await findGone(context, chain.entries);
    // Whoever says that something was erased must be in the file, or it would be missing.
    const entries = withErasures(chain.entries, gone);
    const manifest = listContents(entries, gone, request.decisionEvidenceId);
    const exportId = newId('exp', context);
    const recorded = await record(request, { exportId, manifest, truncated: chain.truncated });
    const head = await headOver(recorded.row.index, request.witnessed);
    const bundle = await pack([...entries, recorded], { exportId, manifest, head });
    const bytes = Buffer.from(writeBundle(bundle));
    if (bytes.length > bundleLimits.fileMaxBytes) throw new ProblemError('request.too-large');
    return { name: `${exportId}.proofline.json`, type: 'application/json', bytes };
  };

  async function record(
    request: ExportRequest,
    about: { exportId: Id<'exp'>; manifest: BundleManifest; truncated: boolean },
  ): Promise<ReadEntry> {
    const { exporterId, id, purpose } = request;
    const typed = await fieldsOfTyped(parts, exporterId, { searchedFor: id });
    const evidenceId = await context.storage.transaction((tx) =>
      writer.record(tx, {
        kind: 'evidence.exported',
        causes: [request.decisionEvidenceId],
        refs: { exportId: about.exportId },
        subjects: { actor: exporterId },
        facts: {
          entryCount: about.manifest.entries.length,
          truncated: about.truncated,
          manifestDigest: manifestDigest(about.manifest),
        },
        // Free text, and possibly an account number: neither belongs into the log in clear.
        personal: [{ subject: exporterId, retention: 'access', fields: { purpose } }, ...typed],
      }),
    );
    await writer.durable(evidenceId);
    const entry = await finder.find(evidenceId);
    if (!entry) throw new ProblemError('evidence.unavailable');
    return entry;
  }

  /** The checkpoint that the file is proved against: with the word of the witnesses, where there are any. */
  async function headOver(
    index: number,
    isNeeded: boolean,
  ): Promise<Pick<Head, 'size' | 'checkpoint'>> {
    if (!witnesses) {
      if (isNeeded) throw new ProblemError('evidence.unwitnessed', { internal: 'no witnesses' });
      return sequencer.published();
    }
    try {
      const { size, note } = await witnesses.waitFor(index, isNeeded ? undefined : AWAITED_MS);
      return { size, checkpoint: note };
    } catch (error) {
      if (isNeeded) throw error;
      const head = sequencer.published();
      return { size: head.size, checkpoint: await witnesses.noteOf(head) };
    }
  }

  async function pack(
    entries: readonly ReadEntry[],
    about: {
      readonly exportId: Id<'exp'>;
      readonly manifest: BundleManifest;
      readonly head: Pick<Head, 'size' | 'checkpoint'>;
    },
  ): Promise<EvidenceBundle> {
    const { head } = about;
    const reader = createTreeReader(context, head.size);
    const disclosures = await openDisclosures(context, entries);
    const items: EvidenceBundle['entries'][number][] = [];
    for (const { row, entry } of entries) {
      const proof = await reader.inclusionProof(row.index);
      const groups = disclosures.get(entry.id) ?? [];
      items.push({
        index: row.index,
        leaf: row.leaf,
        proof: proof.map(toBase64),
        disclosures: groups.flatMap(({ texts }) => texts),
      });
    }
    return {
      format: BUNDLE_FORMAT,
      exportId: about.exportId,
      exportedAt: entries.at(-1)!.entry.at,
      checkpoint: head.checkpoint,
      verifierKey: context.signer.key.text,
      manifest: about.manifest,
      entries: items,
      ...(about.manifest.erased && { erased: await packErased(reader, about.manifest.erased) }),
    };
  }
}

async function packErased(
  reader: TreeReader,
  erased: NonNullable<BundleManifest['erased']>,
): Promise<NonNullable<EvidenceBundle['erased']>> {
  const packed: NonNullable<EvidenceBundle['erased']>[number][] = [];
  for (const one of erased) {
    packed.push({ ...one, proof: (await reader.inclusionProof(one.index)).map(toBase64) });
  }
  return packed;
}

function withErasures(
  entries: readonly ReadEntry[],
  { causes, fields }: Gone,
): readonly ReadEntry[] {
  const all = [...entries, ...[...causes, ...fields].map(({ by }) => by)];
  const byIndex = new Map(all.map((one) => [one.row.index, one]));
  return [...byIndex.values()].sort((left, right) => left.row.index - right.row.index);
}

/** The decision to export is the cause of the export's own entry; it is of another story. */
function listContents(
  entries: readonly ReadEntry[],
  { causes: gone }: Gone,
  decision: Id<'evt'>,
): BundleManifest {
  const held = new Set<string>([
    ...entries.map(({ entry }) => entry.id),
    ...gone.map(({ evidenceId }) => evidenceId),
  ]);
  const causes = new Set([...entries.flatMap(({ entry }) => entry.causes), decision]);
  return {
    entries: entries.map(({ row, entry }) => ({
      index: row.index,
      id: entry.id,
      leafHash: bytesToBase64url(leafHash(row.leaf)),
    })),
    outside: [...causes].filter((cause) => !held.has(cause)).sort(),
    ...(gone.length > 0 && {
      erased: gone.map((one) => ({
        index: one.index,
        idHash: one.idHash,
        leafHash: one.leafHash,
      })),
    }),
  };
}
