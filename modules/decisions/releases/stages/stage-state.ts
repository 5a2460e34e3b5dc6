import type { Id, JsonObject } from '@proofline/kernel';
import type { StageAudience } from '@proofline/protocol';

/** Older than this a node does not know whether the stage still runs, and decides without it (P6). */
export const UNKNOWN_AFTER_MS = 2_000;

/** A stage as a node has taken it: compiled, and bound to the release that it stands on. */
export interface TakenStage<Release> {
  readonly stageId: Id<'stg'>;
  readonly candidateId: Id<'pcd'>;
  readonly revision: number;
  readonly signature: string;
  readonly baseSequence: number;
  readonly audience: StageAudience;
  readonly untilMs: number;
  readonly release: Release;
}

/** Who is decided about: `desk` only where the fact is known. */
export interface StagedPerson {
  readonly type: string;
  readonly id: string;
  readonly desk: string | undefined;
}

/** The stage that this process knows of. */
export interface StageState<Release> {
  /** The stage that counts at this moment on top of that release. */
  at(nowMs: number, liveSequence: number): TakenStage<Release> | undefined;
  /** What was taken last, whether it counts or not. */
  readonly taken: TakenStage<Release> | undefined;
  /** What the database says, and when the reading of it began. */
  set(taken: TakenStage<Release> | undefined, readAtMs: number): void;
}

/** @see StageState */
export function createStageState<Release>(): StageState<Release> {
  let taken: TakenStage<Release> | undefined;
  let readAtMs = -Infinity;
  return {
    get taken() {
      return taken;
    },
    at(nowMs, liveSequence) {
      const age = nowMs - readAtMs;
      // A clock that went back says nothing about an age.
      const isKnown = age >= 0 && age < UNKNOWN_AFTER_MS;
      const counts =
        isKnown && taken?.baseSequence === liveSequence && nowMs < (taken?.untilMs ?? 0);
      return counts ? taken : undefined;
    },
    set(stage, atMs) {
      // A slower look must not bring back what a faster one saw end.
      if (atMs < readAtMs) return;
      taken = stage;
      readAtMs = atMs;
    },
  };
}

/**
 * Whether somebody is in. Programs never are: what they ask concerns many people. Somebody whose desk
 * is not known is not in where desks are named, and stays with the live release (P7).
 */
export function isIn(
  { desks, percent }: StageAudience,
  { type, desk }: StagedPerson,
  bucketOf: () => number,
): boolean {
  if (type !== 'Staff') return false;
  if (desks.length > 0 && (desk === undefined || !desks.includes(desk))) return false;
  return percent === 100 || bucketOf() < percent;
}

/** The desk as the owner of staff knows it; nothing that a caller says comes in here. */
export function deskOf(staff: JsonObject | undefined): string | undefined {
  const desk = staff?.['desk'];
  return typeof desk === 'string' ? desk : undefined;
}
