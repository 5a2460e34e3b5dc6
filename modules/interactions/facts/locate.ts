import { isId } from '@proofline/kernel';
import type { DecisionInput } from '@proofline/decisions';
import type { Context } from '../context.ts';
import type { CaseRow } from '../store/case-rows.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import type { ProofRow } from '../store/proof-rows.ts';

/** The call, case and proof that a question is about. */
export interface Located {
  readonly call: InteractionRow | undefined;
  readonly file: CaseRow | undefined;
  /** The freshest living proof for that case on that call. */
  readonly proof: ProofRow | undefined;
}

/**
 * Finds what a question is about: by its grant, else by its resource, else by the call that it
 * names. A grant speaks for its own case only, whatever else the question says.
 */
export async function locate(context: Context, input: DecisionInput): Promise<Located | undefined> {
  if (input.grantId) {
    const grant = await context.sessions.findGrant(input.grantId);
    if (!grant) return undefined;
    const call = await context.rows.interactions.find(context.storage.db, grant.interactionId);
    return withProof(context, call, await findCase(context, grant.caseId));
  }
  const { type, id } = input.resource;
  if (type === 'Case') {
    const file = isId('cse', id) ? await findCase(context, id) : undefined;
    if (!file?.interactionId) return file && { call: undefined, file, proof: undefined };
    const call = await context.rows.interactions.find(context.storage.db, file.interactionId);
    return withProof(context, call, file);
  }
  const interactionId = type === 'Interaction' ? id : input.interactionId;
  if (!isId('int', interactionId)) return undefined;
  const call = await context.rows.interactions.find(context.storage.db, interactionId);
  return withProof(context, call, call?.caseId && (await findCase(context, call.caseId)));
}

function findCase(context: Context, caseId: CaseRow['caseId']): Promise<CaseRow | undefined> {
  return context.rows.cases.find(context.storage.db, caseId);
}

async function withProof(
  context: Context,
  call: InteractionRow | undefined,
  file: CaseRow | undefined,
): Promise<Located | undefined> {
  if (!call) return undefined;
  const proofs = await context.rows.proofs.listLive(context.storage.db, call.interactionId);
  const proof = proofs.find((one) => one.caseId === file?.caseId);
  return { call, file, proof: call.state === 'ended' ? undefined : proof };
}
