import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import {
  ProblemError,
  type AccessRequest,
  type Call,
  type requestAccess,
} from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { findDecisionRow, recordedDecision } from '../store/decision-rows.ts';
import type {
  AccessContent,
  AccessRequestDesk,
  AccessRequestInput,
  AccessRequestItem,
} from './access-request-desk.ts';
import type { DenialBindings } from './denial-bindings.ts';

/** Longer ones are nobody's idempotency key. */
const IDEMPOTENCY_KEY_MAX_CHARS = 200;

interface Reading {
  readonly context: DecisionsContext;
  readonly bindings: DenialBindings;
  readonly desk: AccessRequestDesk;
}

type Submission = Pick<Call<typeof requestAccess>, 'body' | 'caller' | 'decision' | 'http'>;

/**
 * What a submission asks for, each item held against the denial that it names (Access Request
 * Submission; Bulk profile, Denial Binding).
 *
 * @throws ProblemError `access-request.expired-denial`, `.invalid-binding`, `request.malformed`
 */
export async function readSubmission(
  reading: Reading,
  { body, caller, decision, http }: Submission,
): Promise<AccessRequestInput> {
  const { subject, context = {}, callback } = body;
  const idempotencyKey = http.header('idempotency-key');
  if (idempotencyKey !== undefined && idempotencyKey.length > IDEMPOTENCY_KEY_MAX_CHARS) {
    throw new ProblemError('request.malformed', { detail: 'The Idempotency-Key is too long.' });
  }
  const items: AccessRequestItem[] = [];
  for (const asked of askedOf(body, reading.desk)) {
    items.push({ ...asked, denial: await requireDenial(reading, subject, asked) });
  }
  return {
    by: { serviceId: caller.subjectId, evidenceId: decision.evidenceId },
    subject: { type: subject.type, id: subject.id },
    sessionId: context.session_id,
    items,
    isBulk: body.items !== undefined,
    callback: callback && {
      endpoint: callback.endpoint,
      state: callback.state,
      events: callback.events,
    },
    idempotencyKey,
    submissionDigest: sha256Base64url(canonicalJson(body)),
  };
}

type Sent = NonNullable<AccessRequest['items']>[number];
type Asked = Omit<AccessRequestItem, 'denial'> & { readonly denial: NonNullable<Sent['denial']> };

function askedOf(body: AccessRequest, desk: AccessRequestDesk): Asked[] {
  if (body.items === undefined) {
    const asked = askedFor(body);
    // Bound by the token, which knows none where the question had none: then nothing matches.
    return [{ ...asked, contentDigest: body.context?.content_digest ?? '' }];
  }
  const { items, requested_access: shared } = body;
  return items.map((item) => {
    const asked = askedFor({ ...item, requested_access: { ...shared, ...item.requested_access } });
    return { ...asked, contentDigest: desk.digestOf(asked) };
  });
}

function askedFor(sent: Sent): Omit<Asked, 'contentDigest'> {
  const { action, resource, denial, requested_access: wanted } = sent;
  // Bulk profile: one at the top would have to cover every item, and no denial of ours is of several.
  if (!denial) throw new ProblemError('access-request.invalid-binding');
  return {
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    denial,
    content: contentOf(wanted),
  };
}

function contentOf(wanted: Sent['requested_access']): AccessContent {
  const { interaction_id: interactionId, body, justification } = wanted ?? {};
  if (interactionId === undefined || body === undefined) {
    const detail = 'In the body: requested_access: needs interaction_id and body';
    throw new ProblemError('request.malformed', { detail });
  }
  return { interactionId, body, justification };
}

/** The denial that the token was made for, when it is of this very question and is not over. */
async function requireDenial(
  { context, bindings }: Reading,
  subject: AccessRequest['subject'],
  { denial, action, resource, contentDigest }: Asked,
): Promise<AccessRequestItem['denial']> {
  const { binding_token: token = '' } = denial;
  if (await bindings.isOver(token)) throw new ProblemError('access-request.expired-denial');
  const bound = await bindings.read(token, {
    subject: { type: subject.type, id: subject.id },
    action,
    resource,
    contentDigest: contentDigest === '' ? undefined : contentDigest,
  });
  // What stands beside the token must say the same as the token.
  const agrees =
    bound?.expiresAt === denial.expires_at &&
    (denial.evaluation_id === undefined || denial.evaluation_id === bound.evaluationId);
  if (!bound || !agrees) throw new ProblemError('access-request.invalid-binding');
  const row = await findDecisionRow(context.storage.db, context.tenant, bound.evaluationId);
  const decision = row && recordedDecision(row).decision;
  if (decision?.effect !== 'deny') throw new ProblemError('access-request.invalid-binding');
  return { evaluationId: bound.evaluationId, evidenceId: decision.evidenceId };
}
