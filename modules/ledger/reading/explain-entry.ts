import { leafHash, toBase64 } from '@proofline/evidence';
import { isId, type Id } from '@proofline/kernel';
import { ProblemError, type readEvidence, type Reply } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { EvidenceReceipts, EvidenceWriter } from '../types.ts';
import { knownErasures } from '../erasure/commands/known-erasures.ts';
import { readChain } from './chain.ts';
import { openDisclosures } from './disclosures.ts';
import type { Inquiry } from './inquiries.ts';
import { findErased } from './find-erased.ts';
import { findGone, type Gone } from './find-gone.ts';
import type { ReadEntry, createRowReader } from './read-rows.ts';
import type { Finder } from './search.ts';
import { createTreeReader } from './tree-reader.ts';

/** How many entries of a chain one answer shows; an export holds more. */
const CHAIN_MAX = 500;

type Explained = Reply<typeof readEvidence>;

interface Parts {
  readonly context: Context;
  readonly finder: Finder;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceWriter & EvidenceReceipts;
  readonly rowReader: ReturnType<typeof createRowReader>;
}

/** Who reads which entry. */
export interface ReadRequest {
  readonly evidenceId: Id<'evt'>;
  readonly readerId: string;
  readonly decisionEvidenceId: Id<'evt'>;
  /** What it is read for. */
  readonly inquiry: Inquiry;
}

function describeGone({ causes, fields }: Gone): Explained['gone'] {
  const said = ({ row, entry }: ReadEntry) => ({ byEvidenceId: entry.id, byIndex: row.index });
  return {
    causes: causes.flatMap(({ evidenceId, index, by }) =>
      isId('evt', evidenceId) ? [{ evidenceId, index, ...said(by) }] : [],
    ),
    fields: fields.map(({ pseudonym, retention, count, by }) => ({
      pseudonym,
      retention,
      count,
      ...said(by),
    })),
  };
}

/** One entry with its chain, its decision, its personal fields and its proof. Reading is an entry. */
export function createExplain({ context, finder, sequencer, writer, rowReader }: Parts) {
  return async (request: ReadRequest): Promise<Explained> => {
    const one = await findOrAwait(request.evidenceId);
    await recordReading(request);
    const chain = await readChain(context, [one], CHAIN_MAX);
    const [entry] = await rowReader.show([one]);
    const decisionId = one.entry.refs['decisionId'];
    const decision = isId('dec', decisionId) ? await context.findDecision?.(decisionId) : undefined;
    return {
      entry: entry!,
      chain: await rowReader.show(chain.entries),
      truncated: chain.truncated,
      ...(decision && { decision }),
      personal: await openPersonal(one),
      gone: describeGone(await findGone(context, [one])),
      inclusion: await prove(one),
    };
  };

  /** An entry that was recorded a moment ago is waited for, so that its proof can be shown. */
  async function findOrAwait(evidenceId: Id<'evt'>): Promise<ReadEntry> {
    const found = await finder.find(evidenceId);
    if (found) return found;
    const { rows, storage } = context;
    if (!(await rows.outbox.find(storage.db, evidenceId))) throw await absent(evidenceId);
    await writer.durable(evidenceId);
    const sequenced = await finder.find(evidenceId);
    if (!sequenced) throw new ProblemError('evidence.unknown');
    return sequenced;
  }

  /** That it was erased is told to whoever may read evidence, and by which entry. */
  async function absent(evidenceId: Id<'evt'>): Promise<ProblemError> {
    const row = (await findErased(context, [evidenceId])).get(evidenceId);
    const by = row && (await knownErasures(context)).record.ofLeaf(row.index, row.evidenceId);
    if (!row || !by) return new ProblemError('evidence.unknown');
    const how = by.kind === 'erasure.pruned' ? 'pruned' : 'erased';
    return new ProblemError('evidence.erased', {
      detail: `Entry ${row.index} was ${how} by entry ${by.index}.`,
    });
  }

  async function recordReading(request: ReadRequest): Promise<void> {
    await writer.append({
      kind: 'evidence.read',
      causes: [request.decisionEvidenceId, request.inquiry.evidenceId],
      refs: { evidenceId: request.evidenceId, inquiryId: request.inquiry.inquiryId },
      subjects: { actor: request.readerId },
    });
  }

  async function openPersonal(one: ReadEntry): Promise<Explained['personal']> {
    const groups = (await openDisclosures(context, [one])).get(one.entry.id) ?? [];
    const names = await rowReader.namesOf(groups.map(({ subject }) => subject));
    return groups.map(({ subject, retention, fields }) => {
      const name = names.get(subject);
      return {
        pseudonym: subject,
        ...(name !== undefined && { name }),
        retention,
        // A disclosed value is parsed JSON.
        fields: Object.fromEntries(
          fields.map((field) => [field.name, field.value]),
        ) as Explained['personal'][number]['fields'],
      };
    });
  }

  async function prove({ row }: ReadEntry): Promise<NonNullable<Explained['inclusion']>> {
    const head = sequencer.published();
    const proof = await createTreeReader(context, head.size).inclusionProof(row.index);
    return {
      leafHash: toBase64(leafHash(row.leaf)),
      proof: proof.map(toBase64),
      checkpoint: head.checkpoint,
      verifierKey: context.signer.key.text,
    };
  }
}
