import { z } from 'zod';
import type { ProblemCode } from '../problems.ts';

/** What names the content of a set of policies. */
export const Digest = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

const counted = z.number().int().min(0).max(100_000);

/**
 * What whoever puts a candidate in force has seen that it drops, by count: named cases and invariants of
 * the live release that it does not have, or has otherwise. Left out: that it drops nothing.
 */
export const Dropping = z
  .object({ cases: counted, invariants: counted })
  .strict()
  .default({ cases: 0, invariants: 0 });
/** The same, once it was read. */
export type Dropping = z.output<typeof Dropping>;

/** What was looked at by whoever puts a candidate in force: another content is not taken. */
export const promotionBody = {
  digest: Digest,
  liveSequence: z.number().int().min(1),
  dropping: Dropping,
};

/** Why a candidate is not put in force, for everybody or for some. */
export const promotionProblems = [
  'policy.unknown',
  'policy.moved-on',
  'policy.unsound',
  'candidate.closed',
  'candidate.not-yours',
  'candidate.unvouched',
  'candidate.failing',
  'candidate.drops-promises',
  'candidate.breaks-invariant',
  'candidate.unproved',
  'evidence.unavailable',
] as const satisfies readonly ProblemCode[];
