import { newId, type Id } from '@proofline/kernel';
import type { openLogReading, Reply } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { EvidenceReceipts } from '../types.ts';
import { PASS_SECONDS, writePass } from './log-pass.ts';

/** Who opens the log to read it, and why. */
export interface ReadingRequest {
  readonly purpose: string;
  readonly readerId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly decisionEvidenceId: Id<'evt'>;
}

/** Gives a pass to the entries of the log, once the log itself says so. */
export function createOpenReading(parts: {
  readonly context: Context;
  readonly sequencer: Sequencer;
  readonly writer: EvidenceReceipts;
}) {
  const { context, sequencer, writer } = parts;
  return async (request: ReadingRequest): Promise<Reply<typeof openLogReading>> => {
    const { readerId, sessionId, purpose } = request;
    const exportId = newId('exp', context);
    const untilMs = context.clock.now() + PASS_SECONDS * 1_000;
    await writer.append({
      kind: 'evidence.log-opened',
      causes: [request.decisionEvidenceId],
      refs: { exportId },
      subjects: { actor: readerId },
      facts: { size: sequencer.published().size, until: new Date(untilMs).toISOString() },
      personal: [{ subject: readerId, retention: 'access', fields: { purpose } }],
    });
    return {
      exportId,
      pass: writePass(context, { exportId, readerId, sessionId, untilMs }),
      expiresAt: new Date(untilMs).toISOString(),
      verifierKey: context.signer.key.text,
    };
  };
}
