import type { Customer } from '@proofline/customers';
import { bytesToBase64url, newId, type Id } from '@proofline/kernel';
import { ProblemError, type ProofRequest } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { nowOf, type Context } from '../context.ts';
import type { Flow, Verdict } from '../domain/check.ts';
import { drawDigits } from '../domain/draw-digits.ts';
import { challengeOf, writeContext } from '../domain/proof-context.ts';
import { PROOF_REQUEST_MS } from '../domain/proof-facts.ts';
import { digestOfLink } from '../domain/request-key.ts';
import { viewRequest } from '../domain/view-request.ts';
import type { InteractionRow } from '../store/interaction-rows.ts';
import { digestOfAccount, type AskWork, type Gathered } from './ask-facts.ts';
import { openCase } from './open-case.ts';

interface Opening {
  readonly work: AskWork;
  readonly gathered: Gathered;
  readonly call: InteractionRow;
  /** A silent verdict: the request is made all the same, but goes to nobody. */
  readonly verdict: Verdict | undefined;
}

interface NewRequest {
  readonly proofRequestId: Id<'prq'>;
  readonly caseId: Id<'cse'>;
  readonly startedBy: Flow;
  readonly contextText: string;
  readonly expiresAt: Date;
  readonly matchingNumber: string | null;
  /** Stands in the message's link and nowhere else; only its digest is kept. */
  readonly linkSecret: string | null;
}

/** Opens the request: case, context, entry, row, and the message to the contact on file. */
export async function openRequest(
  context: Context,
  tx: Db,
  opening: Opening,
): Promise<ProofRequest> {
  const { work, call, gathered } = opening;
  const opened = await openCase(context, tx, { call, purpose: work.purpose });
  const request = compose(context, opening, opened.caseId);
  await context.rows.interactions.goLive(tx, call.interactionId, opened.caseId);
  if (gathered.code && !(await claim(context, tx, gathered))) {
    throw new ProblemError('proof.code-wrong', { internal: 'claimed meanwhile' });
  }
  const causes = [call.evidenceId, ...(opened.evidenceId ? [opened.evidenceId] : [])];
  const evidenceId = await record(context, tx, { opening, request, causes });
  await insert(context, tx, { opening, request, evidenceId });
  if (request.startedBy === 'agent' && !opening.verdict && gathered.customer) {
    await tellCustomer(context, tx, { customer: gathered.customer, work, request });
  }
  const { interactionId, agentId, desk } = call;
  work.tell({ type: 'interaction.changed', staffId: agentId, desk, interactionId });
  return viewRequest({ ...request, purpose: work.purpose, state: 'open' }, context.clock.now());
}

function compose(context: Context, opening: Opening, caseId: Id<'cse'>): NewRequest {
  const { work, call } = opening;
  const proofRequestId = newId('prq', context);
  const startedBy: Flow = 'code' in work.ask ? 'customer' : 'agent';
  const expiresAt = new Date(context.clock.now() + PROOF_REQUEST_MS);
  const contextText = writeContext({
    v: 1,
    tenant: context.tenant,
    realm: context.customersOrigin,
    proofRequestId,
    interactionId: call.interactionId,
    caseId,
    agentId: call.agentId,
    agentName: work.staff.displayName,
    desk: call.desk,
    company: context.companyName,
    purpose: work.purpose,
    channel: call.channel,
    callStartedAt: call.startedAt.toISOString(),
    startedBy,
    nonce: bytesToBase64url(context.random.bytes(32)),
    expiresAt: expiresAt.toISOString(),
  });
  const isMessage = startedBy === 'agent';
  return {
    proofRequestId,
    caseId,
    startedBy,
    contextText,
    expiresAt,
    matchingNumber: isMessage ? drawDigits(context.random, 2) : null,
    // Drawn also when the request goes to nobody: the same work for every account number (P9).
    linkSecret: isMessage ? bytesToBase64url(context.random.bytes(32)) : null,
  };
}

function claim(context: Context, tx: Db, { code }: Gathered): Promise<boolean> {
  if (!code) return Promise.resolve(false);
  return context.rows.codes.claim(tx, code.callCodeId, nowOf(context));
}

async function record(
  context: Context,
  tx: Db,
  asked: {
    readonly opening: Opening;
    readonly request: NewRequest;
    readonly causes: readonly Id<'evt'>[];
  },
): Promise<Id<'evt'>> {
  const { request, opening } = asked;
  const { call, gathered, verdict, work } = opening;
  const { customer, code } = gathered;
  return context.ledger.record(tx, {
    kind: 'proof.requested',
    causes: asked.causes,
    refs: {
      proofRequestId: request.proofRequestId,
      interactionId: call.interactionId,
      caseId: request.caseId,
      ...(code ? { callCodeId: code.callCodeId } : {}),
    },
    subjects: { agent: call.agentId, ...(customer ? { customer: customer.customerId } : {}) },
    facts: {
      startedBy: request.startedBy,
      purpose: work.purpose,
      channel: call.channel,
      contextDigest: challengeOf(request.contextText),
      // Only auditors read this; the agent's answer is the same either way.
      reached: verdict === undefined,
      because: verdict?.because,
    },
  });
}

async function insert(
  context: Context,
  tx: Db,
  asked: { readonly opening: Opening; readonly request: NewRequest; readonly evidenceId: string },
): Promise<void> {
  const { opening, request } = asked;
  const { work, call, gathered, verdict } = opening;
  await context.rows.requests.insert(tx, {
    proof_request_id: request.proofRequestId,
    interaction_id: call.interactionId,
    case_id: request.caseId,
    agent_id: call.agentId,
    customer_id: verdict ? null : (gathered.customer?.customerId ?? null),
    account_digest:
      'accountNumber' in work.ask ? digestOfAccount(context, work.ask.accountNumber) : null,
    started_by: request.startedBy,
    purpose: work.purpose,
    state: 'open',
    because: null,
    matching_number: request.matchingNumber,
    link_digest: request.linkSecret === null ? null : digestOfLink(request.linkSecret),
    context: request.contextText,
    ceremony_id: null,
    late_attempts: 0,
    requested_at: nowOf(context),
    expires_at: request.expiresAt,
    closed_at: null,
    evidence_id: asked.evidenceId,
  });
}

async function tellCustomer(
  context: Context,
  tx: Db,
  told: { readonly customer: Customer; readonly work: AskWork; readonly request: NewRequest },
): Promise<void> {
  const { customerId, contact } = told.customer;
  const { proofRequestId, linkSecret, expiresAt } = told.request;
  if (!contact || linkSecret === null) return;
  await context.customers.messages.enqueue(tx, {
    recipientId: customerId,
    to: contact,
    text: `${context.companyName}: are you on a call with us now? Then open the link and confirm that it is you. If you are not, open it and say so.`,
    // Behind `#`, which no request and no Referer carries (RFC 3986 §3.5, RFC 9110 §10.1.3).
    link: `${context.customersOrigin}/confirm/${proofRequestId}#${linkSecret}`,
    notAfterMs: expiresAt.getTime(),
  });
}
