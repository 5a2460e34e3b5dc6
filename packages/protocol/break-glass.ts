import { z } from 'zod';
import { Action } from './actions.ts';
import type { DataCategory } from './data-categories.ts';
import { FieldPlan } from './decision.ts';
import { idOf } from './ids.ts';

/** Why a record had to be opened without its customer’s proof, in words for a person. */
export const breakGlassReasons = {
  'safety-of-life': 'somebody’s life or health is in danger',
  'fraud-in-progress': 'a fraud is going on at this moment',
  'proof-unavailable': 'customers cannot prove themselves: a service is down',
  'legal-deadline': 'a court or an authority has set a time that ends now',
  exercise: 'an exercise',
} as const;
/** One of {@link breakGlassReasons}. */
export type BreakGlassReason = keyof typeof breakGlassReasons;
// `Object.keys` forgets the literal type that it was given.
const reasonNames = Object.keys(breakGlassReasons) as BreakGlassReason[];
/** One of {@link breakGlassReasons}. */
export const BreakGlassReason = z.enum(reasonNames);

/**
 * Data categories that can be asked for. Card tokens, identity documents, health data and recordings are
 * never among them, whatever the policies say.
 */
export const breakGlassCategories = [
  'contact',
  'plan',
  'invoice',
  'usage',
  'order',
  'payment-last4',
  'bank-account',
  'note',
  'fraud',
] as const satisfies readonly DataCategory[];
/** One of {@link breakGlassCategories}. */
export const BreakGlassCategory = z.enum(breakGlassCategories);
/** One of {@link breakGlassCategories}. */
export type BreakGlassCategory = z.infer<typeof BreakGlassCategory>;

/** Bounds that no policy and no setting widens. */
export const breakGlassLimits = {
  /** From the opening on. Nothing prolongs it; for longer, it is asked for anew. */
  minutesMax: 60,
  /** How long a request waits for its second person. */
  waitsMinutes: 15,
  /** Requests of one person within an hour, whatever became of them. */
  askedPerHourMax: 10,
  noteMinChars: 10,
  noteMaxChars: 500,
} as const;

/**
 * `waiting` for a second person, `lapsed` without one, `declined`; `open`; then `ended` until a third
 * person judges it, `overdue` when nobody did in time, `reviewed`.
 */
export const breakGlassStates = [
  'waiting',
  'lapsed',
  'declined',
  'open',
  'ended',
  'overdue',
  'reviewed',
] as const;
/** One of {@link breakGlassStates}. */
export const BreakGlassState = z.enum(breakGlassStates);
/** One of {@link breakGlassStates}. */
export type BreakGlassState = z.infer<typeof BreakGlassState>;

/** Why an emergency access ended. */
export const breakGlassEnds = [
  'time',
  'requester',
  'opener',
  'security',
  'opener-gone',
  'session',
  'clock',
] as const;
/** One of {@link breakGlassEnds}. */
export type BreakGlassEnd = (typeof breakGlassEnds)[number];

const Colleague = z.object({ subjectId: idOf('stf'), displayName: z.string() });
const verdicts = ['justified', 'not-justified'] as const;
/** What the third person says of it. */
export const BreakGlassVerdict = z.enum(verdicts);
/** What the third person says of it. */
export type BreakGlassVerdict = z.infer<typeof BreakGlassVerdict>;

/** Emergency access to one record: who asked, who opened, how long, and what was made of it. */
export const BreakGlass = z.object({
  breakGlassId: idOf('bgl'),
  state: BreakGlassState,
  accountNumber: z.string(),
  categories: z.array(BreakGlassCategory),
  reasonCode: BreakGlassReason,
  note: z.string(),
  minutes: z.number().int(),
  requestedBy: Colleague,
  /** Whether the one who reads this asked for it. */
  isOwn: z.boolean(),
  requestedAt: z.string(),
  desk: z.string(),
  openedBy: Colleague.optional(),
  openedAt: z.string().optional(),
  /** While `open`: when it ends by itself. Afterwards: when it ended. */
  endsAt: z.string().optional(),
  endedBecause: z.enum(breakGlassEnds).optional(),
  /** How many times something was read under it. */
  uses: z.number().int(),
  reviewDueAt: z.string().optional(),
  reviewedBy: Colleague.optional(),
  verdict: BreakGlassVerdict.optional(),
  words: z.string().optional(),
  evidenceId: idOf('evt'),
});
/** @see BreakGlass */
export type BreakGlass = z.infer<typeof BreakGlass>;

/** One reading under an emergency access, as its evidence has it. */
export const BreakGlassUse = z.object({
  at: z.string(),
  action: Action,
  decisionId: idOf('dec'),
  evidenceId: idOf('evt'),
  /** What the decision permitted, by data category. */
  fields: FieldPlan.optional(),
});
/** @see BreakGlassUse */
export type BreakGlassUse = z.infer<typeof BreakGlassUse>;

/** The categories of a list, each once and in the order of the contract. */
export function inCategoryOrder(given: readonly BreakGlassCategory[]): BreakGlassCategory[] {
  return breakGlassCategories.filter((category) => given.includes(category));
}

/** The actions that an emergency access can be good for: reading, and nothing else. */
export const breakGlassActions = [
  'account:read',
  'invoice:read',
  'usage:read',
  'order:read',
  'ticket:read',
] as const satisfies readonly Action[];
