import type { DecisionInput, Facts, FactsProvider } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { locate } from './locate.ts';

/** What this module knows for decisions: the call, its case, and the customer's proof. */
export function factsProviders(context: Context): FactsProvider[] {
  return [
    { name: 'interaction', gather: (input) => gatherInteraction(context, input) },
    { name: 'caseFile', gather: (input) => gatherCaseFile(context, input) },
    { name: 'proof', gather: (input) => gatherProof(context, input) },
  ];
}

async function gatherInteraction(
  context: Context,
  input: DecisionInput,
): Promise<Facts | undefined> {
  const call = (await locate(context, input))?.call;
  if (!call) return undefined;
  const { id } = input.subject;
  const staff = isId('stf', id) ? await context.staffOf(id) : undefined;
  return {
    values: {
      state: call.state,
      assignedToSubject: call.agentId === id,
      sameDesk: staff?.desk === call.desk,
      wrongCodes: call.wrongCodes,
    },
    causes: [call.evidenceId],
    refs: { interactionId: call.interactionId },
  };
}

async function gatherCaseFile(context: Context, input: DecisionInput): Promise<Facts | undefined> {
  const file = (await locate(context, input))?.file;
  if (!file) return undefined;
  return {
    values: {
      type: file.caseType,
      open: file.state === 'open',
      ofNoCall: file.interactionId === undefined,
    },
    ...(file.evidenceId && { causes: [file.evidenceId] }),
    refs: { caseId: file.caseId },
  };
}

// Two servers' clocks are never quite the same.
const SKEW_MAX_SECONDS = 5;

async function gatherProof(context: Context, input: DecisionInput): Promise<Facts | undefined> {
  const proof = (await locate(context, input))?.proof;
  if (!proof) return undefined;
  const { customerId } = proof;
  const ageSeconds = Math.floor((context.clock.now() - proof.boundAt.getTime()) / 1000);
  // A proof from the future tells of a clock that went back: nobody knows how fresh it is (P7).
  if (ageSeconds < -SKEW_MAX_SECONDS) return undefined;
  return {
    values: {
      ageSeconds: Math.max(0, ageSeconds),
      acr: proof.acr,
      purpose: proof.purpose,
      customerMatchesResource: await matches(context, input, customerId),
    },
    causes: [proof.evidenceId],
    refs: { proofId: proof.proofId, interactionId: proof.interactionId, caseId: proof.caseId },
    subjects: { customer: customerId },
  };
}

/** Whether the resource is the proved customer's own. Any other kind of resource is not. */
async function matches(
  context: Context,
  { resource }: DecisionInput,
  customerId: string,
): Promise<boolean> {
  // A proof was found by this very call or case: it is the one that the question is about.
  if (resource.type === 'Interaction' || resource.type === 'Case') return true;
  if (resource.type !== 'Account' || !isId('cus', customerId)) return false;
  const customer = await context.customers.findById(context.storage.db, customerId);
  return customer?.accountNumber === resource.id;
}
