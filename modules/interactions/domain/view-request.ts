import type { Id } from '@proofline/kernel';
import type { CaseType, ProofRequest } from '@proofline/protocol';
import type { Flow } from './check.ts';
import { contradicts, stateAt, type ProofRequestState } from './proof-request-state.ts';

interface RequestParts {
  readonly proofRequestId: Id<'prq'>;
  readonly startedBy: Flow;
  readonly purpose: CaseType;
  readonly state: ProofRequestState;
  readonly because?: string | null;
  readonly matchingNumber: string | null;
  readonly expiresAt: Date;
}

/** A request as the agent's panel shows it: the number only while somebody can still type it. */
export function viewRequest(request: RequestParts, nowMs: number): ProofRequest {
  const state = stateAt(request, nowMs);
  return {
    proofRequestId: request.proofRequestId,
    startedBy: request.startedBy,
    purpose: request.purpose,
    state,
    expiresAt: request.expiresAt.toISOString(),
    ...(state === 'open' && request.matchingNumber !== null
      ? { matchingNumber: request.matchingNumber }
      : {}),
    ...(contradicts(request.because ?? null) ? { contradicted: true as const } : {}),
  };
}
