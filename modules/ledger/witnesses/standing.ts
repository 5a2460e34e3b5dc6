import type { PolicyWitness } from '@proofline/evidence';
import type { Asked, WitnessPace, WitnessStanding } from './types.ts';

/** One witness, as this process knows it. */
export interface Standing {
  readonly witness: PolicyWitness;
  state: WitnessStanding['state'];
  reason: string | undefined;
  /** The newest checkpoint that it has signed, by what its key wrote. */
  signed: WitnessStanding['signed'];
  /** A question to it is under way. */
  isBusy: boolean;
  /** When it may be asked again, by the process’s own running time. */
  notBeforeMs: number;
  failures: number;
  /** How often in a row it named a size that the log has, but was not yet asked for. */
  moves: number;
  /** At its last signature it had forgotten what it signed before. */
  hasForgotten: boolean;
}

/** Another process of the log may have been before this one that often. */
const MOVES_MAX = 3;

/** How a witness stands before it was asked. */
export function newStanding(witness: PolicyWitness): Standing {
  return {
    witness,
    state: 'waiting',
    reason: undefined,
    signed: undefined,
    isBusy: false,
    notBeforeMs: 0,
    failures: 0,
    moves: 0,
    hasForgotten: false,
  };
}

/** What a witness contradicts, as a sentence for people. */
export function contradiction(
  asked: Extract<Asked, { kind: 'ahead' | 'forked' }>,
  logSize: number,
): string {
  return asked.kind === 'ahead'
    ? `It has signed ${asked.size} entries of this log, which has ${logSize}: the log was set back, or it is mistaken.`
    : `The first ${asked.size} entries of this log are not those that it has signed: the log was forked, or it is mistaken.`;
}

/**
 * Notes what a question came to. Answers the sentence of an alarm: that the witness contradicts the log,
 * or has forgotten what it signed, where it did not before.
 */
export function note(
  standing: Standing,
  asked: Asked,
  about: { readonly logSize: number; readonly nowMs: number; readonly pace: WitnessPace },
): string | undefined {
  const before = standing.reason;
  if (asked.kind === 'signed') {
    standing.state = 'signs';
    standing.reason = undefined;
    standing.failures = 0;
    standing.moves = 0;
    standing.notBeforeMs = 0;
    const isTold = standing.hasForgotten;
    standing.hasForgotten = asked.forgot !== undefined;
    return asked.forgot === undefined || isTold
      ? undefined
      : `It had forgotten what it signed: it named ${asked.forgot} entries. Its memory was set back.`;
  }
  const isContradiction = asked.kind === 'ahead' || asked.kind === 'forked';
  standing.state = isContradiction ? 'contradicts' : asked.kind;
  standing.reason = isContradiction ? contradiction(asked, about.logSize) : asked.reason;
  const waitMs = about.pace.backOffMs * 2 ** Math.min(standing.failures, 16);
  standing.notBeforeMs = about.nowMs + Math.min(waitMs, about.pace.backOffMaxMs);
  standing.failures += 1;
  return isContradiction && standing.reason !== before ? standing.reason : undefined;
}

/**
 * Notes that a witness has signed a larger tree, which the log has by now. It is left alone for a while,
 * longer each time: one that only says so would be asked without end, and never be seen to sign nothing.
 */
export function noteMoved(
  standing: Standing,
  { nowMs, pace }: { readonly nowMs: number; readonly pace: WitnessPace },
): void {
  const waitMs = pace.everyMs * 2 ** Math.min(standing.moves, 16);
  standing.notBeforeMs = nowMs + Math.min(waitMs, pace.backOffMaxMs);
  standing.moves += 1;
  // What it contradicts is not taken back by this.
  if (standing.moves < MOVES_MAX || standing.state === 'contradicts') return;
  standing.state = 'refuses';
  standing.reason = 'It names a larger size each time, and signs none.';
}

/** @see WitnessStanding */
export function describe({ witness, state, reason, signed }: Standing): WitnessStanding {
  return { name: witness.name, key: witness.key.text, state, reason, signed };
}
