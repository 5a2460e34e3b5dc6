import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type HoldReason, type HoldScope } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { isWhole, type HeldScope } from '../domain/plan.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import { HOLDS_MAX, type HoldRow } from '../store/hold-rows.ts';
import { isAsRecorded } from './as-recorded.ts';
import { findHolds } from './find-holds.ts';
import { isStanding, learnLifted } from './lifted-holds.ts';
import { resolveScope } from './resolve-target.ts';

/** Who keeps what from being erased, and why. */
export interface Placing {
  readonly actor: Id<'stf'>;
  readonly scope: HoldScope;
  readonly reasonCode: HoldReason;
  readonly note: string;
  readonly decisionEvidenceId: Id<'evt'>;
}

/** What of a hold may stand in the log, in clear. */
function wordsOf(scope: HeldScope) {
  const refs =
    scope.kind === 'subject'
      ? { heldPseudonym: scope.pseudonym }
      : scope.kind === 'case'
        ? { caseId: scope.caseId }
        : {};
  const range = scope.kind === 'range' ? { start: scope.start, end: scope.end } : {};
  return { refs, facts: { kind: scope.kind, ...range } };
}

/**
 * From the commit on nothing that the hold covers is erased, what was approved and not carried out
 * included. One person suffices, because a hold only ever narrows.
 *
 * @throws ProblemError `erasure.nothing`, `hold.too-many`, `evidence.unavailable`
 */
export async function placeHold(context: ErasureContext, placing: Placing): Promise<HoldRow> {
  const { storage, clock, writer, holds, pseudonyms } = context;
  const { actor, reasonCode, note, decisionEvidenceId } = placing;
  const scope = await resolveScope(context, placing.scope);
  await learnLifted(context);
  const approved = await findApproved(context, scope);
  const about =
    scope.kind === 'subject'
      ? (await pseudonyms.reverse([scope.pseudonym])).get(scope.pseudonym)
      : undefined;
  const row = await storage.transaction(async (tx) => {
    await requireInTime(context, tx, approved);
    const standing = (await holds.all(tx)).filter((one) => isStanding(context, one));
    if (standing.length >= HOLDS_MAX) throw new ProblemError('hold.too-many');
    const holdId = newId('hld', context);
    const { refs, facts } = wordsOf(scope);
    const evidenceId = await writer.record(tx, {
      kind: 'hold.placed',
      causes: [decisionEvidenceId],
      refs: { holdId, ...refs },
      subjects: { actor },
      facts: { reasonCode, ...facts },
      // It may name whom it is about, and then goes with them.
      personal: [{ subject: about ?? actor, retention: 'access', fields: { note } }],
    });
    const made: HoldRow = {
      hold_id: holdId,
      scope,
      reason_code: reasonCode,
      placed_by: actor,
      placed_at: new Date(clock.now()),
      placed_evidence: evidenceId,
      lifted_by: null,
      lifted_at: null,
      lifted_evidence: null,
    };
    await holds.insert(tx, made);
    return made;
  });
  await writer.durable(row.placed_evidence);
  return row;
}

/**
 * Approved erasures of all there is of somebody: what a hold on them may come too late for. Those that
 * the log proves, because a row that was made up keeps nobody from placing a hold.
 */
async function findApproved(
  context: ErasureContext,
  scope: HeldScope,
): Promise<readonly ErasureRow[]> {
  if (scope.kind !== 'subject') return [];
  const found: ErasureRow[] = [];
  for (const row of await context.erasures.inStates(context.storage.db, ['approved'], 1_000)) {
    if (!isWhole(row.plan) || row.plan.pseudonym !== scope.pseudonym) continue;
    if (await isAsRecorded(context, row).catch(() => false)) found.push(row);
  }
  return found;
}

/** Nobody is told that a hold keeps somebody whose erasure has begun. @throws ProblemError `erasure.nothing` */
async function requireInTime(
  context: ErasureContext,
  tx: Db,
  approved: readonly ErasureRow[],
): Promise<void> {
  for (const { erasure_id: erasureId, plan } of approved) {
    const row = await context.erasures.find(tx, erasureId);
    const isMarked = row?.state !== 'approved' || row.told_at !== null;
    // One that a hold stops has not begun, whatever its row says.
    const isStopped = (await findHolds(context, tx, plan)).length > 0;
    if (isMarked && !isStopped) throw new ProblemError('erasure.nothing');
  }
}

/**
 * Lifts a hold. It opens the way to what cannot be taken back, so a second person does it; held here
 * and by the table as well as by the policies.
 *
 * @throws ProblemError `hold.closed`, `hold.not-yours`, `evidence.unavailable`
 */
export async function liftHold(
  context: ErasureContext,
  lifting: {
    readonly actor: Id<'stf'>;
    readonly holdId: Id<'hld'>;
    readonly decisionEvidenceId: Id<'evt'>;
  },
): Promise<HoldRow> {
  const { storage, clock, writer, holds } = context;
  const { actor, holdId, decisionEvidenceId } = lifting;
  await learnLifted(context);
  const found = await holds.find(storage.db, holdId);
  if (!found || !isStanding(context, found)) throw new ProblemError('hold.closed');
  if (found.placed_by === actor) throw new ProblemError('hold.not-yours');
  const at = new Date(clock.now());
  const evidenceId = await storage.transaction(async (tx) => {
    const { refs, facts } = wordsOf(found.scope);
    const recorded = await writer.record(tx, {
      kind: 'hold.lifted',
      causes: [found.placed_evidence, decisionEvidenceId],
      refs: { holdId, ...refs },
      subjects: { actor, placedBy: found.placed_by },
      facts: { reasonCode: found.reason_code, ...facts },
    });
    const by = { lifted_by: actor, lifted_at: at, lifted_evidence: recorded };
    if (!(await holds.lift(tx, found, by))) throw new ProblemError('hold.closed');
    return recorded;
  });
  await writer.durable(evidenceId);
  await learnLifted(context);
  return { ...found, lifted_by: actor, lifted_at: at, lifted_evidence: evidenceId };
}
