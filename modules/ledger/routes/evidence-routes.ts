import {
  exportEvidence,
  handle,
  openLogReading,
  openInquiry,
  readCheckpoint,
  readEvidence,
  readRadius,
  searchEvidence,
  type Call,
  type MountedRoute,
  type Reply,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { isAboutPerson } from '../domain/searched-text.ts';
import type { Follower } from '../projection/create-follower.ts';
import { createExplain } from '../reading/explain-entry.ts';
import { createExport } from '../reading/export-chain.ts';
import { createInquiries } from '../reading/inquiries.ts';
import { createSearchNotes, type Searching } from '../reading/note-search.ts';
import { radiusOf } from '../reading/radius.ts';
import { createRowReader } from '../reading/read-rows.ts';
import { createFinder } from '../reading/search.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import { createOpenReading } from '../tiles/open-reading.ts';
import type { EvidenceReceipts, EvidenceWriter } from '../types.ts';
import type { Witnesses } from '../witnesses/create-witnesses.ts';

/** A search as its route parsed it. */
type Asked = NonNullable<Call<typeof openInquiry>['body']['search']>;

/** The auditor's routes and the public checkpoint. */
export function evidenceRoutes(parts: {
  readonly context: Context;
  readonly follower: Follower;
  readonly pseudonyms: Pseudonyms;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceWriter & EvidenceReceipts;
  readonly witnesses: Witnesses | undefined;
  readonly storedFaults: () => readonly string[];
}): MountedRoute[] {
  const { context, pseudonyms, sequencer, writer, witnesses } = parts;
  const finder = createFinder(parts);
  const inquiries = createInquiries(parts);
  const noteSearch = createSearchNotes(parts);
  const rowReader = createRowReader(context, pseudonyms);
  const explain = createExplain({ context, finder, sequencer, writer, rowReader });
  const exportChain = createExport({ ...parts, finder });
  const openReading = createOpenReading({ context, sequencer, writer });

  async function find(
    { cursor, from, to, ...asked }: Asked,
    by: Omit<Searching, 'search'>,
  ): Promise<Reply<typeof searchEvidence>> {
    const search = { ...asked, from: dateOf(from), to: dateOf(to), before: cursor };
    await noteSearch({ search, ...by });
    // What comes in meanwhile, this search itself included, is no gap.
    const { size } = sequencer.published();
    const found = await finder.page(search);
    return {
      ...found,
      entries: await rowReader.show(found.entries),
      logSize: Math.max(size, found.searchedSize),
      storedFaults: [...parts.storedFaults()],
      searchedAt: new Date(context.clock.now()).toISOString(),
    };
  }

  return [
    handle(openInquiry, async ({ body, caller, decision }) => {
      const by = { readerId: caller.subjectId, decisionEvidenceId: decision.evidenceId };
      const inquiry = await inquiries.open({ ...by, purpose: body.purpose });
      const { endsAtMs, inquiryId } = inquiry;
      return {
        inquiryId,
        endsAt: new Date(endsAtMs).toISOString(),
        ...(body.search && { found: await find(body.search, { ...by, inquiry }) }),
      };
    }),

    handle(searchEvidence, async ({ caller, decision, query }) => {
      const { inquiryId, ...asked } = query;
      const readerId = caller.subjectId;
      // Before anybody looks whether there is such a person (P9).
      const isForPurpose = isAboutPerson(asked) || inquiryId !== undefined;
      const inquiry = isForPurpose ? await inquiries.need(inquiryId, readerId) : undefined;
      return find(asked, { readerId, decisionEvidenceId: decision.evidenceId, inquiry });
    }),

    handle(readRadius, async ({ caller, decision, query }) => {
      const { from, id, inquiryId, to } = query;
      const readerId = caller.subjectId;
      const inquiry = await inquiries.need(inquiryId, readerId);
      const of = { id, from: dateOf(from), to: dateOf(to) };
      const decisionEvidenceId = decision.evidenceId;
      const search = { ...of, reach: 'followed' as const, count: 0 };
      await noteSearch({ search, readerId, decisionEvidenceId, inquiry });
      return radiusOf(context, rowReader, await finder.reached(of));
    }),

    handle(readEvidence, async ({ params, query, caller, decision }) =>
      explain({
        evidenceId: params.evidenceId,
        readerId: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
        inquiry: await inquiries.need(query.inquiryId, caller.subjectId),
      }),
    ),

    handle(exportEvidence, ({ body, caller, decision }) =>
      exportChain({
        ...body,
        exporterId: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),

    handle(openLogReading, ({ body, caller, decision }) =>
      openReading({
        ...body,
        readerId: caller.subjectId,
        sessionId: caller.sessionId,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),

    handle(readCheckpoint, async () => {
      const witnessed = await witnesses?.newest();
      const head = sequencer.published();
      // Another process of this log may be ahead of this one: then its word is the newest.
      const isAhead = witnessed !== undefined && witnessed.size > head.size;
      return {
        checkpoint: isAhead ? witnessed.note : ((await witnesses?.noteOf(head)) ?? head.checkpoint),
        verifierKey: context.signer.key.text,
        ...(witnessed && { witnessed: witnessed.note }),
      };
    }),
  ];
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
