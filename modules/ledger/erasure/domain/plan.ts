import { RetentionClassName, RetentionPolicy, type EvidenceKind } from '@proofline/protocol';
import { z } from 'zod';

const Month = z.string().regex(/^\d{4}-\d{2}$/);

/** What an erasure takes, resolved: a pseudonym where somebody typed a person. Kept in its row. */
export const Plan = z.discriminatedUnion('form', [
  z.object({
    form: z.literal('fields'),
    pseudonym: z.string(),
    retention: RetentionClassName.optional(),
    before: Month.optional(),
  }),
  z.object({ form: z.literal('expired'), retention: RetentionClassName, before: Month }),
  z.object({ form: z.literal('entries'), start: z.number(), end: z.number() }),
  z.object({ form: z.literal('prefix'), below: z.number() }),
  z.object({ form: z.literal('policy'), policy: RetentionPolicy }),
]);
/** @see Plan */
export type Plan = z.infer<typeof Plan>;

/** What a hold covers, resolved. */
export const HeldScope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('subject'), pseudonym: z.string() }),
  z.object({ kind: z.literal('case'), caseId: z.string() }),
  z.object({ kind: z.literal('range'), start: z.number(), end: z.number() }),
]);
/** @see HeldScope */
export type HeldScope = z.infer<typeof HeldScope>;

/** Personal fields by what their keys are named after; what is absent does not narrow. */
export interface FieldSelection {
  readonly pseudonym?: string | undefined;
  readonly retention?: string | undefined;
  /** Only of months before this one. */
  readonly before?: string | undefined;
  /** Pseudonyms of whom nothing is taken. */
  readonly except?: readonly string[] | undefined;
}

/** Takes all there is of a data subject, their pseudonym included. */
type WholePlan = Extract<Plan, { form: 'fields' }> & { retention?: never; before?: never };

/** Whether a plan takes all there is of a data subject, their pseudonym included. */
export function isWhole(plan: Plan): plan is WholePlan {
  return plan.form === 'fields' && plan.retention === undefined && plan.before === undefined;
}

/** What of a plan may stand in the log, in clear. */
export function factsOf(plan: Plan) {
  const { form } = plan;
  switch (form) {
    case 'fields':
    case 'expired':
      return {
        form,
        ...(plan.retention !== undefined && { retention: plan.retention }),
        ...(plan.before !== undefined && { before: plan.before }),
      };
    case 'entries':
      return { form, start: plan.start, end: plan.end };
    case 'prefix':
      return { form, below: plan.below };
    case 'policy':
      return { form, policy: { ...plan.policy } };
  }
}

/** The pseudonym that a plan is about, as a ref of its entries: it can be searched for. */
export function refsOf(plan: Plan): Readonly<Record<string, string>> {
  return plan.form === 'fields' ? { erasedPseudonym: plan.pseudonym } : {};
}

/** A plan in words, without names. */
export function labelOf(plan: Plan): string {
  switch (plan.form) {
    case 'fields': {
      const which =
        plan.retention === undefined ? 'all personal fields' : `the ${plan.retention} fields`;
      const until = plan.before === undefined ? '' : ` before ${plan.before}`;
      return `${which} of one data subject${until}`;
    }
    case 'expired':
      return `the ${plan.retention} fields of everybody before ${plan.before}`;
    case 'entries':
      return plan.end - plan.start === 1
        ? `entry ${plan.start}`
        : `entries ${plan.start} to ${plan.end - 1}`;
    case 'prefix':
      return `all entries below ${plan.below}`;
    case 'policy':
      return `another retention policy: ${policyWords(plan.policy)}`;
  }
}

function policyWords({ identity, case: ofCase, access, entries, automatic }: RetentionPolicy) {
  const whole = entries === null ? 'entries stay' : `entries ${entries}`;
  const how = automatic ? 'by itself' : 'when somebody asks';
  return `identity ${identity}, case ${ofCase}, access ${access} months, ${whole}, ${how}`;
}

/** The kind of the entry that explains what a plan takes. */
export function effectKindOf(plan: Plan): EvidenceKind {
  switch (plan.form) {
    case 'fields':
    case 'expired':
      return 'erasure.fields';
    case 'entries':
      return 'erasure.entries';
    case 'prefix':
      return 'erasure.pruned';
    case 'policy':
      return 'retention.published';
  }
}

/** The month that lies so many months before a moment: `2020-11`. */
export function monthBefore(nowMs: number, months: number): string {
  const now = new Date(nowMs);
  const then = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  return then.toISOString().slice(0, 7);
}
