import type { AssertionResult } from '@proofline/assurance';
import type { CustomerCredential } from '@proofline/customers';
import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type CredentialJson } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Tell } from '../commit.ts';
import { nowOf, type Context } from '../context.ts';
import { challengeOf } from '../domain/proof-context.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import { refsOf } from './close-request.ts';

interface Binding {
  readonly request: ProofRequestRow;
  readonly call: InteractionRow;
  readonly answer: CredentialJson;
  readonly credential: CustomerCredential;
  readonly result: AssertionResult;
  readonly tell: Tell;
}

/** Binds a verified proof: request, proof, case, credential and entry, in one transaction. */
export async function bindProof(context: Context, tx: Db, binding: Binding): Promise<Id<'evt'>> {
  const { request, call, credential, result, tell } = binding;
  const at = nowOf(context);
  const closed = { state: 'bound', because: 'proved', at } as const;
  if (!(await context.rows.requests.close(tx, request.proofRequestId, closed))) {
    throw new ProblemError('proof.closed');
  }
  const proofId = newId('prf', context);
  const evidenceId = await record(context, tx, { ...binding, proofId });
  await context.rows.proofs.insert(tx, {
    proof_id: proofId,
    proof_request_id: request.proofRequestId,
    interaction_id: request.interactionId,
    case_id: request.caseId,
    customer_id: credential.customerId,
    acr: result.acr,
    purpose: request.purpose,
    bound_at: at,
    ended_at: null,
    evidence_id: evidenceId,
    authenticator_id: credential.authenticatorId,
  });
  await context.rows.cases.setCustomer(tx, request.caseId, credential.customerId);
  const { authenticatorId, customerId } = credential;
  const { counter, backedUp } = result;
  await context.customers.recordUse(tx, { authenticatorId, customerId, counter, backedUp });
  const { agentId: staffId, desk, interactionId } = call;
  tell({ type: 'proof-request.changed', staffId, desk, interactionId });
  tell({ type: 'interaction.changed', staffId, desk, interactionId });
  return evidenceId;
}

async function record(
  context: Context,
  tx: Db,
  bound: Binding & { readonly proofId: Id<'prf'> },
): Promise<Id<'evt'>> {
  const { request, call, credential, result, proofId } = bound;
  return context.ledger.record(tx, {
    kind: 'proof.bound',
    causes: [request.evidenceId, credential.evidenceId, call.evidenceId],
    refs: { ...refsOf(request), proofId, authenticatorId: credential.authenticatorId },
    subjects: { agent: request.agentId, customer: credential.customerId },
    facts: {
      contextDigest: challengeOf(request.context),
      acr: result.acr,
      purpose: request.purpose,
      startedBy: request.startedBy,
      channel: call.channel,
    },
    personal: [
      {
        subject: credential.customerId,
        retention: 'identity',
        // Everything that a stranger needs to verify the proof again, without us.
        fields: { assertion: assertionOf(context, bound) },
      },
    ],
  });
}

function assertionOf(context: Context, { request, answer, credential }: Binding) {
  const { clientDataJSON, authenticatorData, signature } = answer.credential.response;
  return {
    context: request.context,
    clientDataJSON,
    authenticatorData,
    signature,
    publicKey: credential.publicKey,
    credentialId: credential.credentialId,
    rpId: context.rpId,
    origin: context.customersOrigin,
  };
}
