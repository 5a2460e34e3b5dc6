import { isId, newId, type Id } from '@proofline/kernel';
import {
  ProblemError,
  type Approval,
  type ApprovalContent,
  type Decision,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Actor, ApprovalsDeps, ColleagueFacts } from '../context.ts';
import { APPROVAL_MS } from '../domain/approval-state.ts';
import { contentDigest, contentText } from '../domain/content-digest.ts';
import { verdictStands } from '../facts/verdict-stands.ts';
import { insertApproval, listUsable } from '../store/approval-rows.ts';
import type { ApprovalRow } from '../store/tables.ts';
import { describeApproval } from './describe-approval.ts';
import { tellChanged } from './tell-changed.ts';

/** How many requests of one agent may wait at once. */
const WAITING_MAX = 20;
/** Somebody has to read it, and it has to fit into an evidence entry. */
const CONTENT_MAX_CHARS = 8_000;

/** What is read of the facts about the call. */
const OwnCall = z.object({ assignedToSubject: z.boolean(), state: z.string() });

interface Asking {
  readonly actor: Actor;
  readonly content: ApprovalContent;
  readonly note: string | undefined;
  /** Of the denial that this answers; then the request is for exactly what was denied. */
  readonly bindingToken: string | undefined;
}

/**
 * Asks somebody else to approve one exact request. The same content again is the same request.
 *
 * @throws ProblemError `interaction.ended`, `access.denied`, `request.too-large`, `request.too-many`,
 *   `approval.other-request`
 */
export async function requestApproval(deps: ApprovalsDeps, asking: Asking): Promise<Approval> {
  if (contentText(asking.content).length > CONTENT_MAX_CHARS) {
    throw new ProblemError('request.too-large');
  }
  const { evidenceId } = await requireOwnCall(deps, asking);
  const denial = await requireDenial(deps, asking);
  const { subjectId } = asking.actor;
  const staff = await deps.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'a permit for nobody' });
  const revoked = await listRevoked(deps, subjectId);
  const { row, isNew } = await deps.storage.transaction((tx) =>
    findOrWrite(deps, tx, { ...asking, staff, causes: [evidenceId, ...denial], revoked }),
  );
  if (isNew) tellChanged(deps, row);
  return describeApproval(deps, row);
}

/**
 * The entry of the denial that a binding token names, when it is of this caller, for this very content,
 * and its time is not over. Without a token there is none, and none is needed.
 */
async function requireDenial(
  deps: ApprovalsDeps,
  { actor, content, bindingToken }: Asking,
): Promise<Id<'evt'>[]> {
  if (bindingToken === undefined) return [];
  const denial = await deps.decisions.readDenial(bindingToken, {
    subject: { type: 'Staff', id: actor.subjectId },
    action: content.action,
    resource: content.resource,
    contentDigest: contentDigest(content),
  });
  const made = denial && (await deps.decisions.findDecision(denial.evaluationId));
  if (!made) throw new ProblemError('approval.other-request');
  return [made.decision.evidenceId];
}

/**
 * The route's own permit is for asking at all; this one is for that very call. Somebody else's call
 * and no call at all are one refusal, by the policies (P9).
 */
async function requireOwnCall(deps: ApprovalsDeps, { actor, content }: Asking): Promise<Decision> {
  try {
    return await deps.decisions.require({
      subject: { type: 'Staff', id: actor.subjectId },
      sessionId: actor.sessionId,
      action: 'approval:request',
      resource: { type: 'Interaction', id: content.interactionId },
    });
  } catch (error) {
    if (error instanceof ProblemError && (await wasOwnEndedCall(deps, error))) {
      throw new ProblemError('interaction.ended', error.details);
    }
    throw error;
  }
}

/** Whether a refusal rested on the caller's own call having ended. */
async function wasOwnEndedCall(deps: ApprovalsDeps, { details }: ProblemError): Promise<boolean> {
  const { decisionId } = details;
  const made = isId('dec', decisionId) ? await deps.decisions.findDecision(decisionId) : undefined;
  const call = OwnCall.safeParse(made?.facts['interaction']);
  return call.success && call.data.assignedToSubject && call.data.state === 'ended';
}

/** Approvals of this agent that count no more: the same may be asked for anew. */
async function listRevoked(deps: ApprovalsDeps, requestedBy: Id<'stf'>): Promise<Set<string>> {
  const at = new Date(deps.clock.now());
  const waiting = await listUsable(deps.storage.db, deps.tenant, { requestedBy, at });
  const revoked = new Set<string>();
  for (const row of waiting) {
    if (row.verdict === 'approve' && !(await verdictStands(deps, row)))
      revoked.add(row.approval_id);
  }
  return revoked;
}

async function findOrWrite(
  deps: ApprovalsDeps,
  tx: Db,
  asking: Asking & {
    readonly staff: ColleagueFacts;
    readonly causes: readonly Id<'evt'>[];
    readonly revoked: ReadonlySet<string>;
  },
): Promise<{ readonly row: ApprovalRow; readonly isNew: boolean }> {
  const { actor, content, note, staff, causes } = asking;
  const requestedAt = new Date(deps.clock.now());
  const digest = contentDigest(content);
  const by = { requestedBy: actor.subjectId, at: requestedAt };
  const usable = await listUsable(tx, deps.tenant, by);
  const waiting = usable.filter((row) => !asking.revoked.has(row.approval_id));
  const same = waiting.find((row) => row.content_digest === digest);
  if (same) return { row: same, isNew: false };
  if (waiting.length >= WAITING_MAX) throw new ProblemError('request.too-many');

  const approvalId = newId('apr', deps);
  const text = contentText(content);
  const evidenceId = await deps.ledger.record(tx, {
    kind: 'approval.requested',
    causes,
    refs: { approvalId, interactionId: content.interactionId },
    subjects: { actor: actor.subjectId },
    facts: { action: content.action, resourceType: content.resource.type },
    personal: [
      {
        subject: actor.subjectId,
        retention: 'case',
        // The digest too: an account number and an amount are few enough to be guessed from it.
        fields: { content: text, contentDigest: digest, ...(note && { note }) },
      },
    ],
  });
  const row = await insertApproval(tx, {
    tenant: deps.tenant,
    approval_id: approvalId,
    interaction_id: content.interactionId,
    content: text,
    content_digest: digest,
    note: note ?? null,
    requested_by: actor.subjectId,
    desk: staff.desk,
    requested_at: requestedAt,
    request_evidence_id: evidenceId,
    expires_at: new Date(requestedAt.getTime() + APPROVAL_MS),
  });
  return { row, isNew: true };
}
