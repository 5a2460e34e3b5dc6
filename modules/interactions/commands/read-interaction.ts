import type { Id } from '@proofline/kernel';
import {
  accountActions,
  ProblemError,
  type Capability,
  type FieldInWords,
  type Interaction,
  type ProofSummary,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import { nextStep } from '../domain/next-step.ts';
import { stateAt } from '../domain/proof-request-state.ts';
import { viewRequest } from '../domain/view-request.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import type { ProofRequestRow } from '../store/proof-request-rows.ts';
import type { ProofRow } from '../store/proof-rows.ts';
import { callColumns } from '../store/call-columns.ts';
import { summarize } from './list-interactions.ts';
import { readerOf } from './reader-of.ts';

interface Reading {
  readonly interactionId: Id<'int'>;
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}

/**
 * One call, as the agent's panel shows it. Another desk's call and no call look the same.
 *
 * Reading takes several looks. A call that ended between them would be told as one that goes on with
 * everything closed by policy; an ended one does not begin again, so it is read once more.
 */
export async function readInteraction(context: Context, reading: Reading): Promise<Interaction> {
  const read = await readOnce(context, reading);
  if (read.state === 'ended') return read;
  const now = await context.rows.interactions.find(context.storage.db, reading.interactionId);
  return now?.state === 'ended' ? readOnce(context, reading) : read;
}

async function readOnce(context: Context, reading: Reading): Promise<Interaction> {
  const { db } = context.storage;
  const call = await findSeen(context, reading);
  const nowMs = context.clock.now();
  const [proof] = await context.rows.proofs.listLive(db, call.interactionId);
  const request = await findRequest(context, { call, reading });
  const shown = proof && (await describeProof(context, proof));
  const capabilities = await previewActions(context, { reading, call, proof: shown });
  const fields = shown && (await previewFields(context, { reading, call, proof: shown }));
  const wrapUp = await previewWrapUp(context, reading, call);
  const [summary] = await summarize(context, [call]);
  if (!summary) throw new ProblemError('server.failed');
  return {
    ...summary,
    ...(request && { proofRequest: viewRequest(request, nowMs) }),
    ...(shown && { proof: shown }),
    capabilities,
    ...(fields && { fields }),
    ...(wrapUp && { wrapUp }),
    nextStep: nextStep({
      call: call.state,
      isProved: proof !== undefined,
      wasProved: summary.endedProof !== undefined,
      request: request && { ...request, state: stateAt(request, nowMs) },
      capabilities,
    }),
  };
}

/** The call, where the policies let the reader see it: the same question as for a row of the list. */
async function findSeen(context: Context, reading: Reading): Promise<InteractionRow> {
  const reader = await readerOf(context, reading);
  const where = await reader.permitted({
    action: 'interaction:read',
    resourceType: 'Interaction',
    columns: callColumns,
  });
  const call = await reader.confined((tx) =>
    context.rows.interactions.findSeen(tx, reading.interactionId, where),
  );
  if (!call) throw new ProblemError('access.denied', { internal: 'not a call that they may see' });
  return call;
}

/** The latest request; its number is for the agent of the call alone, who reads it out. */
async function findRequest(
  context: Context,
  { call, reading }: { readonly call: InteractionRow; readonly reading: Reading },
): Promise<ProofRequestRow | undefined> {
  const { requests } = context.rows;
  const request = await requests.findLatestOfCall(context.storage.db, call.interactionId);
  if (!request || call.agentId === reading.subjectId) return request;
  return { ...request, matchingNumber: null };
}

async function describeProof(context: Context, proof: ProofRow): Promise<ProofSummary | undefined> {
  const customer = await context.customers.findById(context.storage.db, proof.customerId);
  if (!customer) return undefined;
  return {
    proofId: proof.proofId,
    provedAt: proof.boundAt.toISOString(),
    acr: proof.acr,
    evidenceId: proof.evidenceId,
    accountNumber: customer.accountNumber,
    customerName: customer.name,
  };
}

interface Panel {
  readonly reading: Reading;
  readonly call: InteractionRow;
  readonly proof: ProofSummary | undefined;
}

/** What the present proof opens; nothing at all after the end. */
async function previewActions(context: Context, panel: Panel): Promise<Capability[]> {
  return panel.call.state === 'ended' ? [] : context.preview(aboutAccount(panel), accountActions);
}

/** Why the panel shows less than the record holds: to whom the call is assigned, and nobody else (P9). */
async function previewFields(context: Context, panel: Panel): Promise<FieldInWords[] | undefined> {
  const { reading, call } = panel;
  if (call.state === 'ended' || call.agentId !== reading.subjectId) return undefined;
  return context.previewFields({ ...aboutAccount(panel), action: 'account:read' });
}

function aboutAccount({ reading, call, proof }: Panel) {
  return {
    subject: { type: 'Staff', id: reading.subjectId },
    sessionId: reading.sessionId,
    resource: { type: 'Account', id: proof?.accountNumber ?? '*' },
    interactionId: call.interactionId,
  } as const;
}

/** After the end: whether the reader may still write down how it ended. */
async function previewWrapUp(
  context: Context,
  { subjectId, sessionId }: Reading,
  call: InteractionRow,
): Promise<Capability | undefined> {
  if (call.state !== 'ended' || call.agentId !== subjectId) return undefined;
  const resource = { type: 'Interaction', id: call.interactionId };
  const asked = { subject: { type: 'Staff', id: subjectId }, sessionId, resource } as const;
  const [capability] = await context.preview(asked, ['wrap-up:record']);
  return capability;
}
