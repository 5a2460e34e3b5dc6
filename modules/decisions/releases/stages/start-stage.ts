import { newId, type Id } from '@proofline/kernel';
import { ProblemError, type StageAudience } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { DecisionsContext } from '../../context.ts';
import type { StageRow } from '../../store/tables.ts';
import {
  readyCandidate,
  type Promotion,
  type ReadyCandidate,
} from '../commands/ready-candidate.ts';
import { factsOfDropped } from '../domain/compare-promises.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { newestRelease } from '../store/release-rows.ts';
import { endStageIn } from './end-stage.ts';
import { runningStage, statementOf, writeStage } from './stage-rows.ts';
import { takenOf } from './follow-stage.ts';

const HOUR_MS = 3_600_000;

interface Wish extends Promotion {
  readonly audience: StageAudience;
  readonly hours: number;
  /** The stage that was looked at; none: none was running. */
  readonly seen?: { readonly stageId: Id<'stg'>; readonly revision: number } | undefined;
}

/**
 * Puts a candidate in force for some, or for others than now: the same checks as for a promotion, and
 * the same two people. The live release goes on deciding for everybody else.
 *
 * @throws ProblemError as `readyCandidate`, `stage.other`, and `stage.moved-on` when the stage is not, or
 *   not any more, the one that was looked at
 */
export async function startStage(context: DecisionsContext, wish: Wish): Promise<StageRow> {
  const ready = await readyCandidate(context, wish);
  const row = await context.storage.transaction(async (tx) => {
    const { tenant, clock } = context;
    const newest = await newestRelease(tx, tenant);
    if (newest?.sequence !== ready.live.ref.sequence) throw new ProblemError('policy.moved-on');
    await requireUnchanged(tx, ready.row);
    let before = await runningStage(tx, tenant);
    if (before && before.until.getTime() <= clock.now()) {
      await endStageIn(context, tx, { row: before, because: 'expired' });
      before = undefined;
    }
    if (before && before.candidate_id !== wish.candidateId) throw new ProblemError('stage.other');
    // To make ready takes seconds, and so may a second try: what was changed or ended meanwhile stays so.
    requireSeen(before, wish.seen);
    const written = await writeStage(tx, await signed(context, tx, { wish, ready, before }));
    if (!written) throw new ProblemError('stage.moved-on');
    return written;
  });
  context.stages.set(takenOf(row, context.watch(ready.set)), context.clock.now());
  await context.ledger.durable(row.evidence_id);
  return row;
}

/** @throws ProblemError `stage.moved-on` */
function requireSeen(running: StageRow | undefined, seen: Wish['seen']): void {
  const isSame = running?.stage_id === seen?.stageId && running?.revision === seen?.revision;
  if (!isSame) throw new ProblemError('stage.moved-on');
}

/** @throws ProblemError `candidate.closed`, `policy.moved-on` */
async function requireUnchanged(
  tx: Db,
  { tenant, candidate_id: candidateId, digest, text }: ReadyCandidate['row'],
): Promise<void> {
  const now = await findCandidate(tx, tenant, candidateId);
  if (now?.state !== 'open') throw new ProblemError('candidate.closed');
  if (now.digest !== digest || now.text !== text) throw new ProblemError('policy.moved-on');
}

async function signed(
  context: DecisionsContext,
  tx: Db,
  { wish, ready, before }: { wish: Wish; ready: ReadyCandidate; before: StageRow | undefined },
): Promise<StageRow> {
  const { tenant, clock, ledger, releases } = context;
  const { actor, candidateId } = wish;
  const now = clock.now();
  const desks = [...new Set(wish.audience.desks)].toSorted();
  const { percent } = wish.audience;
  const set = {
    tenant,
    stage_id: before?.stage_id ?? newId('stg', context),
    candidate_id: candidateId,
    digest: ready.row.digest,
    base_sequence: ready.live.ref.sequence,
    revision: (before?.revision ?? 0) + 1,
    desks: JSON.stringify(desks),
    percent,
    until: new Date(now + wish.hours * HOUR_MS),
    started_by: before?.started_by ?? actor,
    started_at: before?.started_at ?? new Date(now),
    state: 'running',
    compared: 0,
    dropped: 0,
  } as const;
  const { keyId, signature } = releases.signer.signStage(statementOf(set));
  const evidenceId = await ledger.record(tx, {
    kind: 'policy.staged',
    // Minted by the ledger when it was proposed.
    causes: [ready.row.evidence_id as Id<'evt'>, wish.decisionEvidenceId],
    refs: { candidateId, stageId: set.stage_id },
    subjects: {
      actor,
      ...(ready.row.proposed_by !== 'files' && { proposedBy: ready.row.proposed_by }),
      ...(ready.row.vouched_by !== null && { vouchedBy: ready.row.vouched_by }),
    },
    facts: {
      stageId: set.stage_id,
      revision: set.revision,
      digest: set.digest,
      baseSequence: set.base_sequence,
      desks,
      percent,
      until: set.until.toISOString(),
      casesPassed: ready.outcome.passed,
      invariants: ready.invariants,
      ...factsOfDropped(ready.dropped),
      keyId,
    },
  });
  return { ...set, key_id: keyId, signature, evidence_id: evidenceId };
}
