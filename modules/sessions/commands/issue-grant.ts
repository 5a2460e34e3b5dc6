import { err, newId, ok, type Id, type JsonObject, type Result } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { SessionsContext } from '../context.ts';
import { grantTtlSeconds, type GrantRequest } from '../domain/grant-request.ts';
import { findOpenRow, isRowLocked, whyRowOver } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import type { GrantBasis, GrantFacts, GrantProgram } from '../types.ts';

/** Who asks for a grant, and for what. */
export interface GrantAsk {
  readonly subjectId: Id<'stf'>;
  readonly row: SessionRow;
  readonly request: GrantRequest;
  /** Thumbprint of the key that the grant is bound to. */
  readonly jkt: string;
  /** The one origin that takes it. */
  readonly audience: string;
  /** Who acts under it, in the order in which they were called; absent: its person alone. */
  readonly programs?: readonly GrantProgram[];
  /** What the last of them was called with. */
  readonly parent?: GrantFacts;
}

/** A grant, ready to be signed. */
export interface IssuedGrant {
  readonly grantId: Id<'grt'>;
  readonly subjectId: Id<'stf'>;
  readonly sessionId: string;
  readonly jkt: string;
  readonly audience: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly authorizationDetails: readonly JsonObject[];
}

type Basis = NonNullable<Awaited<ReturnType<GrantBasis['find']>>>;

function detailsOf({ caseId, actions }: GrantRequest, basis: Basis): JsonObject {
  return {
    type: 'proofline_case',
    case_id: caseId,
    actions,
    account_number: basis.accountNumber,
    interaction_id: basis.interactionId,
    proof_id: basis.proofId,
  };
}

/** What a program was called with is of one call and one proof; another one since opens it nothing. */
function isOfParent(basis: Basis, parent: GrantFacts | undefined): boolean {
  if (parent === undefined) return true;
  return basis.interactionId === parent.interactionId && basis.proofId === parent.proofId;
}

/** Asks the PDP; the decision's entry, or `undefined` for a deny. */
async function decide(
  context: SessionsContext,
  ask: GrantAsk,
  basis: Basis,
): Promise<Id<'evt'> | undefined> {
  const joining = ask.programs?.at(-1);
  try {
    const decision = await context.peers().decider.require({
      subject: { type: 'Staff', id: ask.subjectId },
      sessionId: ask.row.session_id,
      action: 'grant:issue',
      resource: { type: 'Interaction', id: basis.interactionId },
      ...(ask.parent && { grantId: ask.parent.grantId }),
      ...(joining && { joining }),
    });
    return decision.evidenceId;
  } catch (error) {
    if (error instanceof ProblemError && error.code.startsWith('access.')) return undefined;
    throw error;
  }
}

/**
 * Issues a grant: there is a proved call of this agent with this case, the PDP permits it, and the
 * session still lives when row and evidence commit. Resolves once the evidence is durable.
 *
 * Answers the reason when there is no grant: `no-proof`, `denied` or `session-ended`.
 */
export async function issueGrant(
  context: SessionsContext,
  ask: GrantAsk,
): Promise<Result<IssuedGrant, string>> {
  const { subjectId, row, request } = ask;
  const basis = await context.peers().grantBasis.find({ subjectId, caseId: request.caseId });
  if (!basis || !isOfParent(basis, ask.parent)) return err('no-proof');
  const decided = await decide(context, ask, basis);
  if (decided === undefined) return err('denied');
  const issuedAtMs = context.clock.now();
  // It does not outlive what it was got with.
  const endsAtMs = ask.parent?.expiresAtMs ?? Infinity;
  const expiresAtMs = Math.min(issuedAtMs + grantTtlSeconds * 1000, endsAtMs);
  const times = { issuedAtMs, expiresAtMs };
  const grantId = newId('grt', context);
  const evidenceId = await writeGrant(context, { ...ask, ...times, basis, decided, grantId });
  if (evidenceId === undefined) return err('session-ended');
  await context.ledger.durable(evidenceId);
  return ok({
    grantId,
    subjectId,
    sessionId: row.session_id,
    jkt: ask.jkt,
    audience: ask.audience,
    ...times,
    authorizationDetails: [detailsOf(request, basis)],
  });
}

interface GrantRecord extends GrantAsk {
  readonly grantId: Id<'grt'>;
  readonly basis: Basis;
  readonly decided: Id<'evt'>;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** Row and evidence in one transaction, which also sees that the session has not ended meanwhile. */
function writeGrant(context: SessionsContext, record: GrantRecord): Promise<Id<'evt'> | undefined> {
  const { tenant, storage, ledger } = context;
  const { basis, parent, programs = [], request, row, grantId } = record;
  const last = programs.at(-1);
  return storage.transaction(async (tx) => {
    const session = await findOpenRow(tx, tenant, { session_id: row.session_id });
    if (!session || whyRowOver(session, record.issuedAtMs) !== undefined) return undefined;
    if (isRowLocked(session, record.issuedAtMs)) return undefined;
    const evidenceId = await ledger.record(tx, {
      kind: 'grant.issued',
      causes: [
        session.evidence_id,
        basis.proofEvidenceId,
        record.decided,
        ...(parent ? [parent.evidenceId] : []),
      ],
      refs: {
        grantId,
        sessionId: row.session_id,
        interactionId: basis.interactionId,
        caseId: request.caseId,
        proofId: basis.proofId,
        ...(parent && { parentId: parent.grantId }),
      },
      subjects: {
        actor: record.subjectId,
        customer: basis.customerId,
        ...(last && { service: last.serviceId }),
      },
      facts: {
        actions: request.actions,
        ...(last && { programs: programs.map(({ serviceId }) => serviceId) }),
        audience: record.audience,
        expiresAt: new Date(record.expiresAtMs).toISOString(),
      },
    });
    await tablesOf(tx)
      .insertInto('session_grants')
      .values({
        tenant,
        grant_id: grantId,
        session_id: row.session_id,
        subject_id: record.subjectId,
        interaction_id: basis.interactionId,
        case_id: request.caseId,
        proof_id: basis.proofId,
        customer_id: basis.customerId,
        actions: JSON.stringify(request.actions),
        key_thumbprint: record.jkt,
        programs: JSON.stringify(programs),
        parent_id: parent?.grantId ?? null,
        issued_at: new Date(record.issuedAtMs),
        expires_at: new Date(record.expiresAtMs),
        ended_at: null,
        evidence_id: evidenceId,
      })
      .execute();
    return evidenceId;
  });
}
