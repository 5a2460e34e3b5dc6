import { newId, type Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { parseEntry } from '@proofline/evidence';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import type { EvidenceWriter } from '../types.ts';

/** A working day: whoever goes on tomorrow says so again. */
const INQUIRY_MS = 8 * 3_600_000;
const REMEMBERED_MAX = 1_000;

/** An inquiry of whoever reads. */
export interface Inquiry {
  readonly inquiryId: Id<'inq'>;
  /** The entry that says what it is for. */
  readonly evidenceId: Id<'evt'>;
  readonly endsAtMs: number;
}

/** What evidence is read for. */
export interface Inquiries {
  open(by: {
    readonly readerId: string;
    readonly purpose: string;
    readonly decisionEvidenceId: Id<'evt'>;
  }): Promise<Inquiry>;
  /** @throws ProblemError `evidence.purpose-needed` unless it is the reader’s own and goes on */
  need(inquiryId: Id<'inq'> | undefined, readerId: string): Promise<Inquiry>;
}

/** The log itself says which inquiries there are: no row beside it could say otherwise. */
export function createInquiries(parts: {
  readonly context: Context;
  readonly pseudonyms: Pseudonyms;
  readonly writer: EvidenceWriter;
}): Inquiries {
  const { context, pseudonyms, writer } = parts;
  const { clock, rows, storage } = context;
  const remembered = new Map<string, Inquiry & { readonly readerId: string }>();

  function remember(readerId: string, inquiry: Inquiry): Inquiry {
    remembered.set(inquiry.inquiryId, { ...inquiry, readerId });
    for (const oldest of remembered.keys()) {
      if (remembered.size <= REMEMBERED_MAX) break;
      remembered.delete(oldest);
    }
    return inquiry;
  }

  async function find(inquiryId: Id<'inq'>, readerId: string): Promise<Inquiry | undefined> {
    const known = remembered.get(inquiryId);
    if (known) return known.readerId === readerId ? known : undefined;
    const [row] = await rows.entries.search(storage.db, {
      values: [inquiryId],
      kind: 'evidence.inquiry-opened',
      count: 1,
    });
    const parsed = row && parseEntry(row.leaf);
    if (!parsed?.ok) return undefined;
    const { at, id, subjects } = parsed.value;
    if (subjects['actor'] !== (await pseudonyms.find(readerId))) return undefined;
    return remember(readerId, {
      inquiryId,
      evidenceId: id,
      endsAtMs: Date.parse(at) + INQUIRY_MS,
    });
  }

  return {
    async open({ decisionEvidenceId, purpose, readerId }) {
      const inquiryId = newId('inq', context);
      const evidenceId = await storage.transaction((tx) =>
        writer.record(tx, {
          kind: 'evidence.inquiry-opened',
          causes: [decisionEvidenceId],
          refs: { inquiryId },
          subjects: { actor: readerId },
          // Free text: it may name somebody.
          personal: [{ subject: readerId, retention: 'access', fields: { purpose } }],
        }),
      );
      await writer.durable(evidenceId);
      return remember(readerId, { inquiryId, evidenceId, endsAtMs: clock.now() + INQUIRY_MS });
    },
    async need(inquiryId, readerId) {
      const inquiry = inquiryId && (await find(inquiryId, readerId));
      if (!inquiry || inquiry.endsAtMs <= clock.now())
        throw new ProblemError('evidence.purpose-needed');
      return inquiry;
    },
  };
}
