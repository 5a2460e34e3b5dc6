import { err, ok, type Result } from '@proofline/kernel';
import { advance, start, type Step } from './advance.ts';
import { isOpen, type Recovery } from './recovery.ts';
import { rulesOf } from './subjects.ts';

/** Recoveries that one subject may begin in a day: each is told to every channel. */
export const STARTS_PER_DAY_MAX = 10;

/** Why a recovery did not begin. Whoever asked is told nothing of it (P9). */
export type BeginRefusal = 'one-has-proof' | 'begun-too-often' | 'clock-runs-on' | 'nobody-to-tell';

/** A new recovery, and the one whose place it takes. */
export interface Begun extends Step {
  readonly superseded: Recovery | undefined;
}

/**
 * A recovery begins. One without a whole proof of the subject’s own makes room, so that neither a stranger
 * who began one nor a contact or officer who signed it blocks anybody; one with such a proof stays, so that
 * nobody takes it away.
 */
export function begin(
  begun: Parameters<typeof start>[0],
  {
    current,
    startedToday,
    seenAtMs,
    channels,
    askedAtMs,
    ...moment
  }: Parameters<typeof advance>[2] & {
    readonly current: Recovery | undefined;
    readonly startedToday: number;
    /** Its beginning, whenever it was looked up whom it is for: it is shown, and tells nothing (P9). */
    readonly askedAtMs: number;
    /** The latest time that this room has seen: under an earlier clock a wait would be over at once. */
    readonly seenAtMs: number;
    /** How many channels on file can be told. */
    readonly channels: number;
  },
): Result<Begun, BeginRefusal> {
  if (moment.nowMs < seenAtMs) return err('clock-runs-on');
  if (channels === 0 && rulesOf(begun.subjectId).mustBeTold) return err('nobody-to-tell');
  if (startedToday >= STARTS_PER_DAY_MAX) return err('begun-too-often');
  const begins = start(begun, { nowMs: askedAtMs });
  if (!current || !isOpen(current)) return ok({ ...begins, superseded: undefined });
  const replaced = advance(current, { kind: 'supersede' }, moment);
  if (!replaced.ok) return err('one-has-proof');
  return ok({ ...begins, superseded: replaced.value.recovery });
}
