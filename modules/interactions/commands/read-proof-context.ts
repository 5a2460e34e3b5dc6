import type { Id } from '@proofline/kernel';
import { ProblemError, type ProofContext } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { viewContext } from '../domain/view-context.ts';

/** How long a request's page still says how it ended. */
const SHOWN_AFTER_MS = 10 * 60 * 1000;

/** What the customer's page shows before it asks for the passkey, and how the request ended. */
export async function readProofContext(
  context: Context,
  proofRequestId: Id<'prq'>,
): Promise<ProofContext> {
  const request = await context.rows.requests.find(context.storage.db, proofRequestId);
  const nowMs = context.clock.now();
  if (!request || nowMs > request.expiresAt.getTime() + SHOWN_AFTER_MS) {
    throw new ProblemError('proof.closed');
  }
  return viewContext(request, nowMs);
}
