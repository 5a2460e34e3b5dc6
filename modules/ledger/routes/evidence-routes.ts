import {
  exportEvidence,
  handle,
  openLogReading,
  readCheckpoint,
  readEvidence,
  searchEvidence,
  type MountedRoute,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { createExplain } from '../reading/explain-entry.ts';
import { createExport } from '../reading/export-chain.ts';
import { createRowReader } from '../reading/read-rows.ts';
import { createFinder } from '../reading/search.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import { createOpenReading } from '../tiles/open-reading.ts';
import type { EvidenceWriter } from '../types.ts';

/** The auditor's routes and the public checkpoint. */
export function evidenceRoutes(parts: {
  readonly context: Context;
  readonly pseudonyms: Pseudonyms;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceWriter;
}): MountedRoute[] {
  const { context, pseudonyms, sequencer, writer } = parts;
  const finder = createFinder(context, pseudonyms);
  const rowReader = createRowReader(context, pseudonyms);
  const explain = createExplain({ context, finder, sequencer, writer, rowReader });
  const exportChain = createExport({ context, finder, sequencer, writer });
  const openReading = createOpenReading({ context, sequencer, writer });

  return [
    handle(searchEvidence, async ({ query }) => {
      const { id, kind, routine, from, to, cursor, count } = query;
      const found = await finder.page({
        id,
        kind,
        routine,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        before: cursor,
        count,
      });
      return {
        ...found,
        entries: await rowReader.show(found.entries),
        logSize: sequencer.published().size,
      };
    }),

    handle(readEvidence, ({ params, caller, decision }) =>
      explain({
        evidenceId: params.evidenceId,
        readerId: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
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

    handle(readCheckpoint, async () => ({
      checkpoint: sequencer.published().checkpoint,
      verifierKey: context.signer.key.text,
    })),
  ];
}
