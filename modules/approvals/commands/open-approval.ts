import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type ApprovalContent } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Actor, ApprovalsDeps, ColleagueFacts } from '../context.ts';
import { APPROVAL_MS } from '../domain/approval-state.ts';
import { contentDigest, contentText } from '../domain/content-digest.ts';
import { verdictStands } from '../facts/verdict-stands.ts';
import { insertApproval, listUsable } from '../store/approval-rows.ts';
import type { ApprovalRow } from '../store/tables.ts';
import { tellChanged } from './tell-changed.ts';

/** How many requests of one agent may wait at once. */
const WAITING_MAX = 20;
/** Somebody has to read it, and it has to fit into an evidence entry. */
const CONTENT_MAX_CHARS = 8_000;

/** One content that somebody is to look at. */
interface Wanted {
  readonly content: ApprovalContent;
  readonly note: string | undefined;
  /** Who had proved themselves on the call: the entries are found by them. */
  readonly customer: string | undefined;
  readonly causes: readonly Id<'evt'>[];
}

/** Requests that may be opened: who asks has been held against the policies. */
interface Opening {
  readonly actor: Actor;
  /** Opened together, or none of them. */
  readonly wanted: readonly Wanted[];
  /** The service that asks in the place of the actor. */
  readonly via?: string;
  /** What commits together with them. */
  readonly alongside?: (tx: Db, opened: readonly Opened[]) => Promise<void>;
}

/** The request for a content: a new one, or the one that waits already. */
export interface Opened {
  readonly row: ApprovalRow;
  readonly isNew: boolean;
}

/** @throws ProblemError `request.too-large`: more than somebody can read */
export function requireReadable(content: ApprovalContent): void {
  if (contentText(content).length > CONTENT_MAX_CHARS) throw new ProblemError('request.too-large');
}

/**
 * Opens requests for somebody else's approval. The same content again is the same request.
 *
 * @throws ProblemError `access.denied`, `request.too-many`
 */
export async function openApprovals(deps: ApprovalsDeps, opening: Opening): Promise<Opened[]> {
  const { subjectId } = opening.actor;
  const staff = await deps.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'a permit for nobody' });
  const revoked = await listRevoked(deps, subjectId);
  const opened = await deps.storage.transaction(async (tx) => {
    const all: Opened[] = [];
    for (const wanted of opening.wanted) {
      all.push(await findOrWrite(deps, tx, { ...opening, ...wanted, staff, revoked }));
    }
    await opening.alongside?.(tx, all);
    return all;
  });
  for (const { row, isNew } of opened) if (isNew) tellChanged(deps, row);
  return opened;
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
  asking: Wanted &
    Pick<Opening, 'actor' | 'via'> & {
      readonly staff: ColleagueFacts;
      readonly revoked: ReadonlySet<string>;
    },
): Promise<Opened> {
  const { actor, content, note, customer, staff, causes, via } = asking;
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
    subjects: {
      ...(customer !== undefined && { customer }),
      ...(via === undefined
        ? { actor: actor.subjectId }
        : { actor: via, requestedBy: actor.subjectId }),
    },
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
    customer_id: customer ?? null,
    desk: staff.desk,
    requested_at: requestedAt,
    request_evidence_id: evidenceId,
    expires_at: new Date(requestedAt.getTime() + APPROVAL_MS),
  });
  return { row, isNew: true };
}
