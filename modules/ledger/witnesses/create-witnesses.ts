import type { Context } from '../context.ts';
import { createTreeReader } from '../reading/tree-reader.ts';
import { adoptHead } from '../sequencer/adopt-head.ts';
import type { Head } from '../store/head-rows.ts';
import { askWitness, type Ask, type Target } from './ask-witness.ts';
import { cosignedNotes, newestWitnessed, witnessedOf, type JudgedNote } from './cosigned-notes.ts';
import { createNewestWitnessed } from './newest-witnessed.ts';
import { describe, newStanding, note, noteMoved, type Standing } from './standing.ts';
import type { Asked, WitnessDeps, Witnessed, WitnessesHealth, WitnessPace } from './types.ts';

const PACE: WitnessPace = {
  pollMs: 50,
  everyMs: 1_000,
  giveUpMs: 2_000,
  backOffMs: 1_000,
  backOffMaxMs: 60_000,
};
const WAIT_MAX_MS = 10_000;

/** Those who sign the log’s checkpoints at somebody else’s. */
export interface Witnesses {
  /** Begins to ask them. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /**
   * The newest checkpoint with a quorum, once it holds the entry at this index.
   *
   * @throws ProblemError `evidence.unwitnessed` after the limit.
   */
  waitFor(index: number, limitMs?: number): Promise<Witnessed>;
  /** The newest checkpoint with a quorum, as all processes of this log know it. */
  newest(): Promise<Witnessed | undefined>;
  /** The checkpoint of a head, with the cosignatures that have come. */
  noteOf(head: Pick<Head, 'size' | 'checkpoint'>): Promise<string>;
  health(): WitnessesHealth;
}

/** What is asked for now. */
interface Current extends Target {
  readonly sinceMs: number;
  isMet: boolean;
}

/** @see Witnesses */
export function createWitnesses(
  context: Context,
  deps: WitnessDeps,
  published: () => Head,
): Witnesses {
  const pace = { ...PACE, ...deps.pace };
  const notes = cosignedNotes(context, deps);
  const newest = createNewestWitnessed();
  const standings = deps.policy.witnesses.map(newStanding);
  const underWay = new Set<Promise<void>>();
  let current: Current | undefined;
  let timer: NodeJS.Timeout | undefined;
  let life = new AbortController();

  function aim(head: Head): void {
    current = targetOf(context, head, deps);
    if (!current.isMet) return;
    newest.settle({ size: head.size, note: head.checkpoint, metAtSeconds: undefined });
  }

  /** One checkpoint after the other, so that the witnesses sign the same: many entries share one. */
  function isTimeFor(head: Head): boolean {
    if (!current) return true;
    const isTime = newest.isAwaited() || ageOf(current) > pace.everyMs;
    return head.size > current.head.size && isDone(current, pace) && isTime;
  }

  function look(): void {
    const head = published();
    if (isTimeFor(head)) aim(head);
    const target = current;
    if (!target) return;
    for (const standing of standings) {
      if (!mayBeAsked(standing, target.head.size)) continue;
      standing.isBusy = true;
      const asking = converse(standing, target).finally(() => {
        standing.isBusy = false;
        underWay.delete(asking);
      });
      underWay.add(asking);
    }
  }

  async function converse(standing: Standing, target: Current): Promise<void> {
    try {
      const { signal } = life;
      const ask: Ask = (url, body) => deps.ask(url, body, signal);
      const signedSize = standing.signed?.size ?? 0;
      const came = await askWitness(ask, standing.witness, { target, signedSize });
      if (signal.aborted) return;
      const asked = await judgeAhead(came);
      if (asked === 'moved') {
        noteMoved(standing, { nowMs: performance.now(), pace });
        return;
      }
      if (asked.kind === 'signed') await keep(standing, target, asked);
      const about = { logSize: published().size, nowMs: performance.now(), pace };
      const text = note(standing, asked, about);
      if (text !== undefined) deps.onAlarm?.({ witness: standing.witness.name, text });
    } catch (error) {
      standing.notBeforeMs = performance.now() + pace.backOffMs;
      const reason = 'What a witness signed could not be kept; it is asked again.';
      context.onFault?.({ reason, stopped: false, error });
    }
  }

  /** Another process of this log may have shown it a newer checkpoint: then the log is no smaller. */
  async function judgeAhead(asked: Asked): Promise<Asked | 'moved'> {
    if (asked.kind !== 'ahead') return asked;
    const ours = published();
    const stored = await context.rows.head.find(context.storage.db);
    if ((stored?.size ?? 0) < asked.size) return asked;
    const theirs = newestWitnessed(await notes.newest());
    if (theirs && theirs.size <= (stored?.size ?? 0)) newest.settle(theirs);
    if (current && !isDone(current, pace)) return 'moved';
    aim(stored && stored.size > ours.size ? await adoptHead(context, ours) : ours);
    return 'moved';
  }

  async function keep(
    standing: Standing,
    target: Current,
    { line, cosigned }: Extract<Asked, { kind: 'signed' }>,
  ): Promise<void> {
    const { size } = target.head;
    const judged = await notes.add(target.head, standing.witness.name, line);
    if (size >= (standing.signed?.size ?? 0)) {
      standing.signed = { size, atSeconds: cosigned.atSeconds };
    }
    if (!judged?.isMet) return;
    target.isMet = true;
    newest.settle(witnessedOf(judged));
  }

  return {
    async start() {
      life = new AbortController();
      const known = await notes.newest();
      for (const standing of standings) remember(standing, known);
      const witnessed = newestWitnessed(known);
      if (witnessed) newest.settle(witnessed);
      timer = setInterval(look, pace.pollMs);
    },
    async stop() {
      clearInterval(timer);
      timer = undefined;
      // An answer that is still on its way would be kept nowhere.
      life.abort();
      await Promise.all(underWay);
    },
    waitFor: (index, limitMs = WAIT_MAX_MS) => newest.waitFor(index, limitMs),
    newest: async () => newestWitnessed(await notes.newest()) ?? newest.current(),
    noteOf: async (head) => (await notes.find(head))?.note ?? head.checkpoint,
    health: () => ({
      alarm: standings.find(({ state }) => state === 'contradicts')?.reason,
      newest: newest.current(),
      witnesses: standings.map(describe),
    }),
  };
}

function targetOf(context: Context, head: Head, { policy }: WitnessDeps): Current {
  const reader = createTreeReader(context, head.size);
  return {
    head,
    proofFrom: (size) => reader.consistencyProof(size),
    sinceMs: performance.now(),
    isMet: policy.quorum.kind === 'none',
  };
}

/** Before that, no word of a witness moves it: where one could, it would keep the others apart. */
function isDone(target: Current, { giveUpMs }: Pick<typeof PACE, 'giveUpMs'>): boolean {
  return target.isMet || ageOf(target) > giveUpMs;
}

function ageOf({ sinceMs }: Current): number {
  return performance.now() - sinceMs;
}

/** What it signed before this process began. It is asked once all the same: see {@link mayBeAsked}. */
function remember(standing: Standing, known: readonly JudgedNote[]): void {
  standing.state = 'waiting';
  for (const { checkpoint, witnesses } of known.toReversed()) {
    const own = witnesses.find(({ name }) => name === standing.witness.name);
    if (own?.cosigned.state !== 'signed') continue;
    standing.signed = { size: checkpoint.size, atSeconds: own.cosigned.atSeconds };
  }
}

/** At a start each is asked, whatever it has signed: only so a log that was set back hears of it. */
function mayBeAsked({ state, signed, isBusy, notBeforeMs }: Standing, size: number): boolean {
  const hasSigned = state === 'signs' && signed?.size === size;
  return !hasSigned && !isBusy && notBeforeMs <= performance.now();
}
