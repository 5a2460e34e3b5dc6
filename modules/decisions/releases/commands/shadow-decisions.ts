import type { Clock, Id } from '@proofline/kernel';
import { decide, type PolicySet, type Question } from '@proofline/policy';
import type { Decision } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { compareOutcomes } from '../domain/compare-outcomes.ts';
import { createTally, type Tally } from '../domain/tally.ts';
import { compileStored } from '../domain/verify-release.ts';
import { addShadowWork, findCandidate, listShadows } from '../store/candidate-rows.ts';
import { addStageWork } from '../stages/stage-rows.ts';
import { addDifferences } from '../store/difference-rows.ts';

/** As many decisions wait to be compared; more are counted as dropped, and none is ever delayed. */
const WAITING_MAX = 2_000;
/** As many are compared before everything else has its turn. */
const AT_ONCE = 25;

/** A decision with its whole question. */
export interface ObservedDecision {
  readonly decision: Decision;
  readonly question: Question;
}

/** Where candidates and what was counted of them are kept. */
export interface ShadowPorts {
  readonly storage: Storage;
  readonly tenant: string;
  readonly clock: Clock;
}

/** A stage whose decisions are compared with what the live release would have made of them. */
export interface ComparedStage {
  readonly stageId: Id<'stg'>;
  readonly candidateId: Id<'pcd'>;
  readonly live: PolicySet;
}

/** Policies that decide beside those that decided, without effect. */
export interface Shadow {
  /** Told of each decision after it was recorded. Never throws, never waits. */
  observe(made: readonly ObservedDecision[]): void;
  /** Takes up and lets go candidates as the database says, and writes down what was counted. */
  follow(ports: ShadowPorts, stage?: ComparedStage): Promise<void>;
}

interface Watched {
  readonly candidateId: string;
  /** A stage is asked what is different because of it; a shadow, what would be. */
  readonly stageId: Id<'stg'> | undefined;
  /** What is asked beside: the candidate of a shadow, the live release of a stage. */
  readonly set: PolicySet;
  readonly tally: Tally;
  compared: number;
  dropped: number;
}

/** @see Shadow */
export function createShadow(): Shadow {
  const watched = new Map<string, Watched>();
  let waiting: ObservedDecision[] = [];
  let isDraining = false;

  const drain = () => {
    const now = waiting.slice(0, AT_ONCE);
    waiting = waiting.slice(AT_ONCE);
    for (const one of watched.values()) {
      for (const { decision, question } of now) {
        if (decision.release.stageId !== one.stageId) continue;
        one.compared += 1;
        const beside = decide(one.set, question);
        const [live, candidate] = one.stageId ? [beside, decision] : [decision, beside];
        const difference = compareOutcomes(live, candidate);
        if (difference) one.tally.add({ decision, subjectId: question.principal.id, difference });
      }
    }
    isDraining = waiting.length > 0;
    if (isDraining) setImmediate(drain);
  };

  return {
    observe(made) {
      if (watched.size === 0) return;
      const room = WAITING_MAX - waiting.length;
      waiting.push(...made.slice(0, room));
      for (const one of watched.values()) one.dropped += Math.max(0, made.length - room);
      if (isDraining) return;
      isDraining = true;
      setImmediate(drain);
    },
    async follow(ports, stage) {
      const { storage, tenant, clock } = ports;
      const at = new Date(clock.now());
      const running = await listShadows(storage.db, tenant, at);
      for (const one of watched.values()) await writeDown(ports, one);
      for (const [key, { stageId }] of watched) {
        const isOver = stageId
          ? stageId !== stage?.stageId
          : !running.some((row) => row.candidate_id === key);
        if (isOver) watched.delete(key);
      }
      if (stage && !watched.has(stage.stageId)) {
        const { stageId, candidateId, live } = stage;
        watched.set(stageId, { ...counting(), stageId, candidateId, set: live });
      }
      for (const { candidate_id: candidateId } of running) {
        if (watched.has(candidateId)) continue;
        const row = await findCandidate(storage.db, tenant, candidateId);
        if (!row) continue;
        const set = await compileStored({ ...row, sequence: row.base_sequence + 1 });
        // Another look may have taken it up while this one compiled.
        if (watched.has(candidateId)) continue;
        watched.set(candidateId, { ...counting(), stageId: undefined, candidateId, set });
      }
    },
  };
}

function counting() {
  return { tally: createTally(), compared: 0, dropped: 0 };
}

async function writeDown({ storage, tenant }: ShadowPorts, one: Watched): Promise<void> {
  const { candidateId, stageId, compared, dropped } = one;
  if (compared === 0 && dropped === 0) return;
  const taken = one.tally.take();
  one.compared = 0;
  one.dropped = 0;
  await storage.transaction(async (tx) => {
    const work = { compared, dropped };
    if (stageId) await addStageWork(tx, tenant, { stageId, ...work });
    else await addShadowWork(tx, tenant, { candidateId, ...work });
    await addDifferences(tx, { tenant, candidateId, source: stageId ?? 'shadow' }, taken);
  });
}
