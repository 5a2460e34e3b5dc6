import { setImmediate as turn } from 'node:timers/promises';
import { canonicalJson, newId, type Id, type Json } from '@proofline/kernel';
import { decide, enforcementReasons, type PolicySet, type Question } from '@proofline/policy';
import { ProblemError, type Decision, type ReleaseRef } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { evaluate } from '../../domain/evaluate.ts';
import { recordedDecision } from '../../store/decision-rows.ts';
import type { DecisionRow, ReplayRow } from '../../store/tables.ts';
import { compareOutcomes } from '../domain/compare-outcomes.ts';
import { createTally } from '../domain/tally.ts';
import { compileStored, UnsoundRelease } from '../domain/verify-release.ts';
import { findStage } from '../stages/stage-rows.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { addDifferences } from '../store/difference-rows.ts';
import { findRelease } from '../store/release-rows.ts';
import {
  countDecisions,
  decisionsBetween,
  insertReplay,
  listReplays,
  updateReplay,
} from '../store/replay-rows.ts';

const HOUR_MS = 3_600_000;
/** As many rows are read and written down at once, and so many are derived before others have a turn. */
const BATCH = 200;
const AT_ONCE = 20;
const NOT_REPRODUCED_MAX = 50;
/** A replay that has not moved for so long has lost its server. */
export const STALLED_AFTER_MS = 30_000;

interface Wish {
  readonly actor: Id<'stf'> | Id<'svc'>;
  readonly candidateId: Id<'pcd'>;
  /** How far back. */
  readonly hours: number;
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Begins to derive the recorded decisions of the last hours again: each under the release it rested
 * on, where it must come out the same to the bit, and under a candidate. Answers at once; the work
 * goes on in small pieces.
 *
 * @throws ProblemError `policy.unknown`, `request.too-many` while one is running
 */
export async function startReplay(context: DecisionsContext, wish: Wish): Promise<ReplayRow> {
  const { storage, tenant, clock } = context;
  const candidate = await findCandidate(storage.db, tenant, wish.candidateId);
  if (!candidate) throw new ProblemError('policy.unknown');
  const now = clock.now();
  const isRunning = (await listReplays(storage.db, tenant, wish.candidateId)).some(
    ({ state, updated_at: at }) => state === 'running' && at.getTime() > now - STALLED_AFTER_MS,
  );
  if (isRunning) throw new ProblemError('request.too-many');
  const set = await compileStored({ ...candidate, sequence: candidate.base_sequence + 1 });
  const range = { after: idAt(now - wish.hours * HOUR_MS), to: idAt(now + 1) };
  const row = await storage.transaction(async (tx) => {
    const total = await countDecisions(tx, tenant, range);
    const started = await insertReplay(tx, {
      tenant,
      replay_id: newId('rpl', context),
      candidate_id: wish.candidateId,
      from_at: new Date(now - wish.hours * HOUR_MS),
      to_at: new Date(now),
      started_by: wish.actor,
      started_at: new Date(now),
      total,
    });
    await context.ledger.record(tx, {
      kind: 'policy.replayed',
      // Minted by the ledger when it was proposed.
      causes: [candidate.evidence_id as Id<'evt'>, wish.decisionEvidenceId],
      refs: { candidateId: wish.candidateId, replayId: started.replay_id },
      subjects: { actor: wish.actor },
      facts: { digest: candidate.digest, decisions: total, hours: wish.hours },
    });
    return started;
  });
  void runReplay(context, { row, range, set }).catch(async () => {
    const at = { state: 'failed', updated_at: new Date(clock.now()) } as const;
    // The database is gone as well: the row will be read as stalled.
    await updateReplay(storage.db, row, at).catch(() => undefined);
  });
  return row;
}

interface Run {
  readonly row: ReplayRow;
  readonly range: { readonly after: string; readonly to: string };
  readonly set: PolicySet;
}

async function runReplay(context: DecisionsContext, { row, range, set }: Run): Promise<void> {
  const { storage, tenant, clock } = context;
  const ownSetOf = createSetCache(context);
  const tally = createTally();
  const progress = { done: 0, reproduced: 0, unknown_release: 0 };
  const otherwise: string[] = [];
  let { after } = range;
  for (;;) {
    const batch = await decisionsBetween(storage.db, tenant, { after, to: range.to, count: BATCH });
    for (const [index, recorded] of batch.entries()) {
      if (index % AT_ONCE === 0) await turn();
      const { decision } = recordedDecision(recorded);
      const question = questionOfRow(recorded, decision);
      const own = await ownSetOf(decision.release);
      progress.done += 1;
      if (own === undefined || !isOfPoliciesAlone(decision)) progress.unknown_release += 1;
      else if (isSame(decision, own, question)) progress.reproduced += 1;
      else if (otherwise.length < NOT_REPRODUCED_MAX) otherwise.push(decision.decisionId);
      const difference = compareOutcomes(decision, decide(set, question));
      if (difference) tally.add({ decision, subjectId: question.principal.id, difference });
    }
    const isOver = batch.length < BATCH;
    await storage.transaction(async (tx) => {
      const of = { tenant, candidateId: row.candidate_id, source: row.replay_id };
      await addDifferences(tx, of, tally.take());
      await updateReplay(tx, row, {
        ...progress,
        otherwise: JSON.stringify(otherwise),
        state: isOver ? 'finished' : 'running',
        updated_at: new Date(clock.now()),
      });
    });
    if (isOver) return;
    after = batch.at(-1)?.decision_id ?? range.to;
  }
}

/** The whole question, as it was asked. */
function questionOfRow(row: DecisionRow, decision: Decision): Question {
  return {
    principal: { type: row.subject_type, id: row.subject_id },
    action: decision.action,
    resource: decision.resource,
    context: JSON.parse(row.facts) as Question['context'], // written by this module as an object
  };
}

/** Said by the engine itself, which says it again. */
const ofEngine: ReadonlySet<string> = new Set(
  Object.values(enforcementReasons).map(({ policy }) => policy),
);

/** What an enforcement point could not carry out, or a switch, stopped it before any policy did. */
function isOfPoliciesAlone({ reasons }: Decision): boolean {
  return reasons.every(
    ({ policy }) => !/^(?:enforcement|switch)\./.test(policy) || ofEngine.has(policy),
  );
}

/** Effect, reasons, remedies and obligations, to the bit. */
function isSame(decision: Decision, set: PolicySet, question: Question): boolean {
  const { outcome, remedies, obligations } = evaluate(set, question);
  const { effect, forbidden, reasons } = outcome;
  const again = { effect, forbidden, reasons, remedies, obligations };
  const then = {
    effect: decision.effect,
    forbidden: decision.forbidden,
    reasons: decision.reasons,
    remedies: decision.remedies,
    obligations: decision.obligations,
  };
  // Both are JSON; what is `undefined` is left out of either.
  return textOf(again) === textOf(then);
}

function textOf(value: unknown): string {
  // What `JSON.parse` answers is JSON; its type says `any`.
  return canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
}

/** Compiled sets that decided; `undefined` for one that is not stored here as it was named. */
function createSetCache(context: DecisionsContext) {
  const sets = new Map<string, PolicySet | undefined>();
  const { storage, tenant } = context;
  const load = async ({ sequence, digest, stageId }: ReleaseRef) => {
    const live = context.release();
    if (live.set.digest === digest) return live.set;
    const stage = stageId && (await findStage(storage.db, tenant, stageId));
    const row = stage
      ? await findCandidate(storage.db, tenant, stage.candidate_id)
      : await findRelease(storage.db, tenant, sequence);
    if (!row) return undefined;
    try {
      return await compileStored({ text: row.text, digest, sequence });
    } catch (error) {
      if (error instanceof UnsoundRelease) return undefined;
      throw error;
    }
  };
  return async (release: ReleaseRef): Promise<PolicySet | undefined> => {
    const key = `${release.digest} ${release.sequence} ${release.stageId ?? ''}`;
    if (!sets.has(key)) sets.set(key, await load(release));
    return sets.get(key);
  };
}

/** The least decision id of a moment: ids begin with their time. */
function idAt(ms: number): Id<'dec'> {
  return newId('dec', {
    clock: { now: () => ms },
    random: { bytes: (count) => new Uint8Array(count) },
  });
}
