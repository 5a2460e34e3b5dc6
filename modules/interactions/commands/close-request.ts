import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Tell } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';
import { contradicts, endOf } from '../domain/proof-request-state.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import { endProofs } from './end-proofs.ts';

interface Closing {
  readonly request: ProofRequestRow;
  readonly because: string;
  readonly tell: Tell;
  /** Entries that led to it, beside the request's own. */
  readonly causes?: readonly Id<'evt'>[];
}

/**
 * Ends an open request without a proof, with its entry. False when something else ended it first:
 * then that is its outcome, and nothing is written.
 */
export async function closeRequest(
  context: Context,
  tx: Db,
  { request, because, tell, causes = [] }: Closing,
): Promise<boolean> {
  const state = endOf(request.state, because);
  if (!state) return false;
  const id = request.proofRequestId;
  if (!(await context.rows.requests.close(tx, id, { state, because, at: nowOf(context) }))) {
    return false;
  }
  const refused = await recordRefusal(context, tx, { request, because, causes });
  if (contradicts(because)) await endContradicted(context, tx, { request, because, tell, refused });
  const { agentId: staffId, interactionId } = request;
  // A request is of a call, always; were it not, nobody could be told whose desk it is.
  const call = await context.rows.interactions.find(tx, interactionId);
  if (call) tell({ type: 'proof-request.changed', staffId, desk: call.desk, interactionId });
  return true;
}

/** Ends what the same customer had proved on this call before, and its grants, at once (P6, P7). */
async function endContradicted(
  context: Context,
  tx: Db,
  { request, because, refused }: Closing & { readonly refused: Id<'evt'> },
): Promise<void> {
  const { customerId, interactionId, agentId } = request;
  if (customerId === undefined) return;
  const end = { interactionId, agentId, because, causes: [refused], customerId };
  if (!(await endProofs(context, tx, end))) return;
  await context.sessions.endGrantsOf(tx, interactionId, 'proof-contradicted', [refused]);
}

/** The entry `proof.refused` of a request. */
export async function recordRefusal(
  context: Context,
  tx: Db,
  refusal: {
    readonly request: ProofRequestRow;
    readonly because: string;
    readonly causes?: readonly Id<'evt'>[];
  },
): Promise<Id<'evt'>> {
  const { request } = refusal;
  return context.ledger.record(tx, {
    kind: 'proof.refused',
    causes: [request.evidenceId, ...(refusal.causes ?? [])],
    refs: refsOf(request),
    subjects: subjectsOf(request),
    facts: { because: refusal.because, startedBy: request.startedBy },
  });
}

/** Searchable ids of a request. */
export function refsOf(request: ProofRequestRow): Record<string, string> {
  return {
    proofRequestId: request.proofRequestId,
    interactionId: request.interactionId,
    caseId: request.caseId,
  };
}

/** Who asks, and who is asked, if anybody is. */
function subjectsOf(request: ProofRequestRow): Record<string, string> {
  return {
    agent: request.agentId,
    ...(request.customerId ? { customer: request.customerId } : {}),
  };
}
