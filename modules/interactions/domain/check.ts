import type { ProblemCode } from '@proofline/protocol';

/** One rule of the pipeline. */
export interface Check<Facts> {
  /** What the other side is told. */
  readonly problem: ProblemCode;
  /** Why the rule is broken, as one word for the evidence; `undefined` when it holds. */
  readonly refusal: (facts: Facts) => string | undefined;
}

/**
 * What a broken rule does.
 *
 * `refuse`: this attempt is refused, nothing changes. `end`: the request ends with it. `silence`:
 * the request goes on as if nothing were wrong, but to nobody: the asker must not learn of it (P9).
 */
export type Consequence = 'refuse' | 'end' | 'silence';

/** Who took the first step. */
export type Flow = 'agent' | 'customer';

/** A line of the table: the rule, and its consequence in each flow. Absent: not checked there. */
export interface Row<Facts> {
  readonly check: Check<Facts>;
  readonly agent?: Consequence;
  readonly customer?: Consequence;
}

/** The first broken rule. */
export interface Verdict {
  readonly because: string;
  readonly problem: ProblemCode;
  readonly consequence: Consequence;
}

/** Runs the table from top to bottom; `undefined`: every rule of this flow holds. */
export function judge<Facts>(
  table: readonly Row<Facts>[],
  flow: Flow,
  facts: Facts,
): Verdict | undefined {
  for (const row of table) {
    const consequence = row[flow];
    if (!consequence) continue;
    const because = row.check.refusal(facts);
    if (because) return { because, problem: row.check.problem, consequence };
  }
  return undefined;
}
