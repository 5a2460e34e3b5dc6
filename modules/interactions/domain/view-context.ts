import type { ProofContext } from '@proofline/protocol';
import { readContext } from './proof-context.ts';
import { stateAt, type ProofRequestState } from './proof-request-state.ts';

/** A request as the customer's page shows it: read from the very text that will be signed. */
export function viewContext(
  request: {
    readonly context: string;
    readonly state: ProofRequestState;
    readonly expiresAt: Date;
  },
  nowMs: number,
): ProofContext {
  const signed = readContext(request.context);
  return {
    proofRequestId: signed.proofRequestId,
    state: stateAt(request, nowMs),
    company: signed.company,
    desk: signed.desk,
    agentName: signed.agentName,
    purpose: signed.purpose,
    channel: signed.channel,
    callStartedAt: signed.callStartedAt,
    needsNumber: signed.startedBy === 'agent',
    expiresAt: signed.expiresAt,
  };
}
