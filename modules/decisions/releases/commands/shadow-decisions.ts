import type { Clock } from '@proofline/kernel';
import { decide, type PolicySet, type Question } from '@proofline/policy';
import type { Decision } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { compareOutcomes } from '../domain/compare-outcomes.ts';
import { createTally, type Tally } from '../domain/tally.ts';
import { compileStored } from '../domain/verify-release.ts';
import { addShadowWork, findCandidate, listShadows } from '../store/candidate-rows.ts';
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

/** Candidates that decide beside the live policies, without effect. */
export interface Shadow {
  /** Told of each decision after it was recorded. Never throws, never waits. */
  observe(made: readonly ObservedDecision[]): void;
  /** Takes up and lets go candidates as the database says, and writes down what was counted. */
  follow(ports: ShadowPorts): Promise<void>;
}

interface Watched {
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
        one.compared += 1;
        const difference = compareOutcomes(decision, decide(one.set, question));
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
    async follow(ports) {
      const { storage, tenant, clock } = ports;
      const at = new Date(clock.now());
      const running = await listShadows(storage.db, tenant, at);
      for (const [candidateId, one] of watched) await writeDown(ports, candidateId, one);
      for (const candidateId of watched.keys()) {
        if (!running.some((row) => row.candidate_id === candidateId)) watched.delete(candidateId);
      }
      for (const { candidate_id: candidateId } of running) {
        if (watched.has(candidateId)) continue;
        const row = await findCandidate(storage.db, tenant, candidateId);
        if (!row) continue;
        const set = await compileStored({ ...row, sequence: row.base_sequence + 1 });
        // Another look may have taken it up while this one compiled.
        if (watched.has(candidateId)) continue;
        watched.set(candidateId, { set, tally: createTally(), compared: 0, dropped: 0 });
      }
    },
  };
}

async function writeDown(
  { storage, tenant }: ShadowPorts,
  candidateId: string,
  one: Watched,
): Promise<void> {
  const { compared, dropped } = one;
  if (compared === 0 && dropped === 0) return;
  const taken = one.tally.take();
  one.compared = 0;
  one.dropped = 0;
  await storage.transaction(async (tx) => {
    await addShadowWork(tx, tenant, { candidateId, compared, dropped });
    await addDifferences(tx, { tenant, candidateId, source: 'shadow' }, taken);
  });
}
