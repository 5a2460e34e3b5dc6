import { ProblemError, type ProofContext } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { viewContext } from '../domain/view-context.ts';
import { findForKey, type Approach } from './refuse-answer.ts';

/** How long a request's page still says how it ended. */
const SHOWN_AFTER_MS = 10 * 60 * 1000;

/**
 * What the customer's page shows before it asks for the passkey, and how the request ended. Changes
 * nothing: mail and message programs follow links, to look for malware or to draw a preview.
 */
export async function readProofContext(
  context: Context,
  approach: Approach,
): Promise<ProofContext> {
  const request = await findForKey(context, context.storage.db, approach);
  const nowMs = context.clock.now();
  if (nowMs > request.expiresAt.getTime() + SHOWN_AFTER_MS) throw new ProblemError('proof.closed');
  return viewContext(request, nowMs);
}
