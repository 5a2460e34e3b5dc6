import type { PolicySet } from '@proofline/policy';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import type { StageRow } from '../../store/tables.ts';
import { compileStored, UnsoundRelease } from '../domain/verify-release.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { endStageIn } from './end-stage.ts';
import { audienceOf, runningStage, statementOf } from './stage-rows.ts';
import type { TakenStage } from './stage-state.ts';

/**
 * Takes, keeps or lets go the stage as the database says. Called every second; between two looks a
 * stage counts for two seconds at most, and never beyond its end.
 *
 * @throws UnsoundRelease when the row is not what was signed, or has been ended before
 */
export async function followStage(context: DecisionsContext): Promise<void> {
  const { storage, tenant, clock, stages } = context;
  const readAtMs = clock.now();
  const row = await runningStage(storage.db, tenant);
  const live = context.release().ref.sequence;
  // One that stands on a release which this node has yet to take is taken with it.
  if (row === undefined || row.base_sequence !== live) return stages.set(undefined, readAtMs);
  if (row.until.getTime() <= readAtMs) {
    stages.set(undefined, readAtMs);
    await storage.transaction((tx) => endStageIn(context, tx, { row, because: 'expired' }));
    return;
  }
  const { taken } = stages;
  if (taken?.stageId === row.stage_id && taken.signature === row.signature) {
    return stages.set(taken, readAtMs);
  }
  try {
    await checkStage(context, row);
    // A wider audience is no other set: what was compiled stays.
    const isSame = taken?.stageId === row.stage_id && taken.release.ref.digest === row.digest;
    const set = isSame ? taken.release.set : context.watch(await compileCandidate(context, row));
    stages.set(takenOf(row, set), readAtMs);
  } catch (error) {
    stages.set(undefined, readAtMs);
    throw error;
  }
}

/** A row as this node takes it; `set` is watched by the engine check. */
export function takenOf(row: StageRow, set: PolicySet): TakenStage<CurrentRelease> {
  return {
    stageId: row.stage_id,
    candidateId: row.candidate_id,
    revision: row.revision,
    signature: row.signature,
    baseSequence: row.base_sequence,
    audience: audienceOf(row),
    untilMs: row.until.getTime(),
    release: {
      set,
      ref: { sequence: row.base_sequence, digest: row.digest, stageId: row.stage_id },
      releasedAt: row.started_at,
      signature: row.signature,
      line: [],
    },
  };
}

/** The signature says that it was begun; the log, that it has not been ended or narrowed since. */
async function checkStage({ releases, ledger }: DecisionsContext, row: StageRow): Promise<void> {
  const signed = { keyId: row.key_id, signature: row.signature };
  if (!releases.signer.verifiesStage(statementOf(row), signed)) {
    throw new UnsoundRelease(`Policy stage ${row.stage_id} is not what was signed.`);
  }
  const told = await ledger.newestFacts(['policy.staged', 'policy.stage-ended']);
  if (told === undefined) return;
  const { stageId } = told;
  const later = typeof stageId === 'string' && stageId > row.stage_id;
  const isSame = stageId === row.stage_id;
  const changed = isSame && (told['isOver'] === true || Number(told['revision']) > row.revision);
  if (later || changed) {
    throw new UnsoundRelease(
      `Policy stage ${row.stage_id} was ended or changed, says the evidence log: it was set back.`,
    );
  }
}

async function compileCandidate(
  { storage, tenant }: DecisionsContext,
  row: StageRow,
): Promise<PolicySet> {
  const candidate = await findCandidate(storage.db, tenant, row.candidate_id);
  if (!candidate)
    throw new UnsoundRelease(`The candidate of policy stage ${row.stage_id} is gone.`);
  // The digest that was signed with the stage, not the one that the candidate’s row says.
  return compileStored(
    {
      text: candidate.text,
      digest: row.digest,
      sequence: row.base_sequence + 1,
    },
    'urgent',
  );
}
