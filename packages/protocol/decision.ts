import { z } from 'zod';
import { Action } from './actions.ts';
import { DataCategory } from './data-categories.ts';
import { idOf } from './ids.ts';
import { Acr } from './subjects.ts';

/** Something that is acted on. Ids are ours (`cse_…`) or, behind a gateway, the guarded system's own. */
export const ResourceRef = z.object({
  type: z.string().min(1).max(40),
  id: z.string().min(1).max(120),
});
export type ResourceRef = z.infer<typeof ResourceRef>;

/** The smallest thing that would turn a deny into a permit (one member of a set that is needed whole). */
export const Remedy = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('agent.step-up'), acr: Acr, maxAgeSeconds: z.number().int() }),
  z.object({ kind: z.literal('customer.proof'), maxAgeSeconds: z.number().int() }),
  z.object({ kind: z.literal('approval'), action: Action }),
  z.object({ kind: z.literal('reason-code') }),
]);
export type Remedy = z.infer<typeof Remedy>;

/** One policy that determined a decision, in a sentence for a person. */
export const Reason = z.object({
  policy: z.string(),
  effect: z.enum(['permit', 'forbid']),
  text: z.string(),
});
export type Reason = z.infer<typeof Reason>;

/** What the enforcement point does with each data category of the resource. */
export const FieldPlan = z.object({
  visible: z.array(DataCategory),
  masked: z.array(DataCategory),
  hidden: z.array(DataCategory),
});
export type FieldPlan = z.infer<typeof FieldPlan>;

/** What the enforcement point must carry out with a permit; it denies what it cannot carry out. */
export const Obligations = z.object({
  fields: FieldPlan.optional(),
  rowsMax: z.number().int().optional(),
});
export type Obligations = z.infer<typeof Obligations>;

/** The release of the policies that a decision rested on. */
export const ReleaseRef = z.object({
  sequence: z.number().int(),
  digest: z.string(),
  /** Set where a candidate decided that is in force for some only: `sequence` is what it stands on. */
  stageId: idOf('stg').optional(),
});
export type ReleaseRef = z.infer<typeof ReleaseRef>;

/** One thing that keeps a set of policies from being released, and where it stands. */
export const PolicyFault = z.object({
  /** Stable: `policy.syntax`, `case.fails`, … */
  code: z.string(),
  /** The file, as it lies in the folder of policies. */
  path: z.string(),
  /** Both from 1. */
  line: z.number().int(),
  column: z.number().int(),
  text: z.string(),
});
export type PolicyFault = z.infer<typeof PolicyFault>;

/** A decision is a value, not a boolean. */
export const Decision = z.object({
  decisionId: idOf('dec'),
  evidenceId: idOf('evt'),
  effect: z.enum(['permit', 'deny']),
  /** True when a policy forbids it; false with `deny` means: merely not permitted. */
  forbidden: z.boolean(),
  /** One of the contract's, or one that only the schema of the policies declares. */
  action: z.string().max(60),
  resource: ResourceRef,
  reasons: z.array(Reason),
  /** Empty unless `deny` can be turned; then all of them together are needed. */
  remedies: z.array(Remedy),
  obligations: Obligations,
  release: ReleaseRef,
  decidedAt: z.string(),
  /** Signals that nobody reported (`interaction.wrongCodes`), which counted as their declared default. */
  defaulted: z.array(z.string()).optional(),
});
export type Decision = z.infer<typeof Decision>;

/** Whether a person could do something now, and if not, why and what next: for a control on a screen. */
export const Capability = z.object({
  action: Action,
  allowed: z.boolean(),
  /** Why not, in the sentences that a refusal would have. */
  reason: z.string().optional(),
  remedies: z.array(Remedy),
  /** When a proof passes an age that this permit may rest on: then it is to be asked for again. */
  holdsForSeconds: z.number().int().positive().optional(),
});
export type Capability = z.infer<typeof Capability>;

/**
 * What became of a permitted request at the guarded system: carried out, refused by its own rules, or
 * without an answer that can be understood (it may have been carried out all the same).
 */
export const ResultOutcome = z.enum(['completed', 'upstream-refused', 'upstream-failed']);
export type ResultOutcome = z.infer<typeof ResultOutcome>;
