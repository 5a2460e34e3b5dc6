import type { DecisionInput, Facts, FactsProvider } from '@proofline/decisions';
import { isId, type Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { locate, type Located } from './locate.ts';

/** The three facts of one gathering are about the same call, case and proof. */
function locateEachOnce(context: Context): (input: DecisionInput) => ReturnType<typeof locate> {
  const located = new WeakMap<DecisionInput, ReturnType<typeof locate>>();
  return (input) => {
    const found = located.get(input) ?? locate(context, input);
    located.set(input, found);
    return found;
  };
}

/** What this module knows for decisions: the call, its case, and the customer's proof. */
export function factsProviders(context: Context): FactsProvider[] {
  const locateOnce = locateEachOnce(context);
  return [
    {
      name: 'interaction',
      gather: async (input) => gatherInteraction(context, input, await locateOnce(input)),
    },
    { name: 'caseFile', gather: async (input) => gatherCaseFile(await locateOnce(input)) },
    {
      name: 'proof',
      gather: async (input) => gatherProof(context, input, await locateOnce(input)),
    },
  ];
}

async function gatherInteraction(
  context: Context,
  input: DecisionInput,
  located: Located | undefined,
): Promise<Facts | undefined> {
  const call = located?.call;
  if (!call) return undefined;
  const { id } = input.subject;
  const staff = isId('stf', id) ? await context.staffOf(id) : undefined;
  const overSeconds = secondsOver(call, context.clock.now());
  return {
    values: {
      state: call.state,
      assignedToSubject: call.agentId === id,
      sameDesk: staff?.desk === call.desk,
      wrongCodes: call.wrongCodes,
      ...(overSeconds !== undefined && { overSeconds }),
    },
    causes: [call.evidenceId],
    refs: { interactionId: call.interactionId },
  };
}

// Two servers' clocks are never quite the same.
const SKEW_MAX_SECONDS = 5;

/** How long a call has been over, 0 while it lives; unknown where a clock went back (P7). */
function secondsOver(
  { endedAt }: { readonly endedAt: Date | undefined },
  nowMs: number,
): number | undefined {
  if (endedAt === undefined) return 0;
  const seconds = Math.floor((nowMs - endedAt.getTime()) / 1000);
  return seconds < -SKEW_MAX_SECONDS ? undefined : Math.max(0, seconds);
}

function gatherCaseFile(located: Located | undefined): Facts | undefined {
  const file = located?.file;
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

async function gatherProof(
  context: Context,
  input: DecisionInput,
  located: Located | undefined,
): Promise<Facts | undefined> {
  const proof = located?.proof;
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
      settled: await isSettled(context, customerId),
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

/** Neither recovered within the last seven days nor about to be: of two who say that they are one, one is not. */
async function isSettled(context: Context, customerId: Id<'cus'>): Promise<boolean> {
  const { clock, customers, isBeingRecovered, storage } = context;
  const customer = await customers.findById(storage.db, customerId);
  if (!customer || (customer.recoveredUntil?.getTime() ?? 0) > clock.now()) return false;
  return !(await isBeingRecovered(storage.db, customerId));
}
