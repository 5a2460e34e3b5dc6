import type { GrantBasis } from '@proofline/sessions';
import type { Context } from '../context.ts';

/** The proof behind a grant: only for the agent on the call, while it lives, on its own case. */
export function grantBasis(context: Context): GrantBasis {
  return {
    async find({ subjectId, caseId }) {
      const { db } = context.storage;
      const file = await context.rows.cases.find(db, caseId);
      if (!file?.interactionId || file.state !== 'open') return undefined;
      const call = await context.rows.interactions.find(db, file.interactionId);
      if (!call || call.state === 'ended' || call.agentId !== subjectId) return undefined;
      const proofs = await context.rows.proofs.listLive(db, call.interactionId);
      const proof = proofs.find((one) => one.caseId === caseId);
      const customer = proof && (await context.customers.findById(db, proof.customerId));
      if (!proof || !customer) return undefined;
      return {
        interactionId: call.interactionId,
        proofId: proof.proofId,
        proofEvidenceId: proof.evidenceId,
        customerId: customer.customerId,
        accountNumber: customer.accountNumber,
      };
    },
  };
}
