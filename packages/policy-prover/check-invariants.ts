import type { Schema } from '@proofline/cedar';
import { conditionErrors } from '@proofline/policy';
import { conditionPolicy, syntaxFaultOf } from './condition.ts';
import type { Invariant } from './invariant.ts';
import { kindsOfRequest, type KindOfRequest } from './kinds-of-request.ts';

/** What is wrong with an invariant: it cannot be proved, and says so instead of holding. */
export function faultOfInvariant(
  { schema, text }: { readonly schema: Schema; readonly text: string },
  invariant: Invariant,
): string | undefined {
  const conditions = conditionsOf(invariant);
  for (const condition of conditions) {
    const fault = syntaxFaultOf(condition);
    if (fault !== undefined) return `A condition cannot be read: ${fault}`;
  }
  const { claim } = invariant;
  if ('onlyIfAlso' in claim && !schema.entityTypes.has(`Proofline::${claim.onlyIfAlso}`)) {
    return `The schema has no entity type ${claim.onlyIfAlso}.`;
  }
  const [first] = kindsOfRequest(schema, invariant).flatMap((kind) =>
    conditions.flatMap((condition) => conditionErrors(text, scoped(condition, kind))),
  );
  return first === undefined ? undefined : `A condition does not fit to the schema: ${first}`;
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
