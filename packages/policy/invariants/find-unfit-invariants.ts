import type { Schema } from '@proofline/cedar';
import { conditionErrors } from '@proofline/policy';
import { conditionPolicy, syntaxFaultOf } from './condition.ts';
import type { Invariant } from './invariant.ts';
import { kindsOfRequest, type KindOfRequest } from './kinds-of-request.ts';

/**
 * What is wrong with each of some invariants, or `undefined`: one that is wrong cannot be proved, and
 * says so instead of holding.
 */
export function faultsOfInvariants(
  { schema, text }: { readonly schema: Schema; readonly text: string },
  invariants: readonly Invariant[],
): (string | undefined)[] {
  const plain = invariants.map((invariant) => plainFaultOf(schema, invariant));
  const conditions = new Map<string, string>();
  for (const [index, invariant] of invariants.entries()) {
    if (plain[index] !== undefined) continue;
    for (const one of scopedConditionsOf(schema, invariant)) {
      conditions.set(`${index} ${conditions.size}`, one);
    }
  }
  // All at once: the validator reads the schema anew each time.
  const unfit = [...conditionErrors(text, conditions)];
  return plain.map((fault, index) => {
    const [, first] = unfit.find(([id]) => id.startsWith(`${index} `)) ?? [];
    return fault ?? (first && `A condition does not fit to the schema: ${first}`);
  });
}

/** What is wrong with an invariant by itself. */
function plainFaultOf(schema: Schema, invariant: Invariant): string | undefined {
  for (const condition of conditionsOf(invariant)) {
    const fault = syntaxFaultOf(condition);
    if (fault !== undefined) return `A condition cannot be read: ${fault}`;
  }
  const { claim } = invariant;
  return 'onlyIfAlso' in claim && !schema.entityTypes.has(`Proofline::${claim.onlyIfAlso}`)
    ? `The schema has no entity type ${claim.onlyIfAlso}.`
    : undefined;
}

function scopedConditionsOf(schema: Schema, invariant: Invariant): string[] {
  return kindsOfRequest(schema, invariant).flatMap((kind) =>
    conditionsOf(invariant).map((condition) => scoped(condition, kind)),
  );
}

function conditionsOf({ claim, assuming }: Invariant): string[] {
  return [assuming, 'onlyWhen' in claim ? claim.onlyWhen : undefined].filter(
    (condition) => condition !== undefined,
  );
}

function scoped(condition: string, { action, principalType, resourceType }: KindOfRequest): string {
  const scope = [
    `principal is ${principalType}`,
    `action == Proofline::Action::${JSON.stringify(action)}`,
    `resource is ${resourceType}`,
  ];
  return conditionPolicy(condition).replace('principal, action, resource', () => scope.join(', '));
}
