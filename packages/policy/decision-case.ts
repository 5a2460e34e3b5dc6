import { FieldPlan, Remedy, dataCategories } from '@proofline/protocol';
import { z } from 'zod';
import { defaultedFacts } from './cautious-defaults.ts';
import { decide } from './decide.ts';
import { fieldPlan } from './field-plan.ts';
import type { PolicySet } from './policy-set.ts';
import { remedies } from './remedies.ts';

const entity = z.object({ type: z.string(), id: z.string() }).strict();

/** A named decision: what is asked on which facts, and what must come out. A file of `policies/cases`. */
const DecisionCase = z
  .object({
    /** The file's name without its ending. */
    name: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
    /** Why it must come out so, in a sentence. */
    because: z.string().endsWith('.'),
    question: z.object({ principal: entity, action: z.string(), resource: entity }).strict(),
    facts: z.record(z.string(), z.json()),
    expect: z
      .object({
        effect: z.enum(['permit', 'deny']),
        forbidden: z.boolean(),
        /** Ids of the determining policies, sorted. */
        policies: z.array(z.string()),
        remedies: z.array(Remedy),
        /** Only for a record whose fields are filtered. */
        fields: FieldPlan.optional(),
        /** Only where a signal is absent on purpose: those that take their default, sorted. */
        defaulted: z.array(z.string()).optional(),
      })
      .strict(),
  })
  .strict();
export type DecisionCase = z.infer<typeof DecisionCase>;

/**
 * Reads a parsed case file. Reading the file itself is the caller's.
 *
 * @throws {z.ZodError} when it is not of the form of a case.
 */
export function parseDecisionCase(value: unknown): DecisionCase {
  return DecisionCase.parse(value);
}

/** Decides the case under a release; one sentence for each thing that came out otherwise. */
export function checkDecisionCase(
  set: PolicySet,
  { question, facts, expect }: DecisionCase,
): string[] {
  const asked = { ...question, context: facts };
  const outcome = decide(set, asked);
  const actual: DecisionCase['expect'] = {
    effect: outcome.effect,
    forbidden: outcome.forbidden,
    policies: outcome.determining.toSorted(),
    remedies: remedies(set, asked),
    ...(expect.fields && { fields: fieldPlan(set, asked, dataCategories) }),
    ...(expect.defaulted && { defaulted: defaultedFacts(set.defaults, asked) }),
  };
  // Both sides come from zod or from literals in this order, so their texts can be compared.
  return (Object.keys(expect) as (keyof typeof expect)[])
    .filter((key) => JSON.stringify(actual[key]) !== JSON.stringify(expect[key]))
    .map(
      (key) =>
        `${key}: expected ${JSON.stringify(expect[key])}, came out ${JSON.stringify(actual[key])}`,
    );
}
