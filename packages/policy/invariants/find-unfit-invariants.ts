import type { Schema } from '@proofline/cedar';
import { syntaxFaultOf, conditionPolicy } from './condition.ts';
import { conditionErrors } from './condition-errors.ts';
import type { Invariant } from './invariant.ts';
import { kindsOfRequest } from './kinds-of-request.ts';
import { unknownInAbout, unknownInClaim } from './unknown-names.ts';

/** A schema, read and as text. */
export interface SchemaAndText {
  readonly schema: Schema;
  readonly text: string;
}

/**
 * What is wrong with invariants under a schema: a sentence for each that would be held against nothing,
 * or against something else than it says. None of them can be proved; none may count as holding.
 */
export function findUnfitInvariants(
  { schema, text }: SchemaAndText,
  invariants: readonly Invariant[],
): ReadonlyMap<Invariant, string> {
  const found = new Map<Invariant, string>();
  const scoped = new Map<string, { readonly of: Invariant; readonly cedar: string }>();
  for (const one of invariants) {
    const fault = nameFault(schema, one) ?? readingFault(one);
    if (fault !== undefined) found.set(one, fault);
    else {
      for (const cedar of scopedConditions(schema, one)) {
        scoped.set(String(scoped.size), { of: one, cedar });
      }
    }
  }
  const cedar = new Map([...scoped].map(([id, one]) => [id, one.cedar]));
  for (const [id, message] of conditionErrors(text, cedar)) {
    const of = scoped.get(id)?.of;
    if (of !== undefined && !found.has(of)) {
      const words = message.replace(/^for policy `[^`]*`, /, '');
      found.set(of, `A condition does not fit to the schema: ${words}`);
    }
  }
  return found;
}

function nameFault(schema: Schema, invariant: Invariant): string | undefined {
  const about = invariant.ahead === true ? [] : unknownInAbout(schema, invariant);
  const [unknown] = [...about, ...unknownInClaim(schema, invariant)];
  if (unknown !== undefined) return `The schema has no ${unknown}.`;
  if (invariant.ahead === true || kindsOfRequest(schema, invariant).length > 0) return undefined;
  return 'The schema has no request that it speaks of.';
}

function readingFault(invariant: Invariant): string | undefined {
  for (const condition of conditionsOf(invariant)) {
    const fault = syntaxFaultOf(condition);
    if (fault !== undefined) return `A condition cannot be read: ${fault}`;
  }
  return undefined;
}

function conditionsOf({ claim, assuming }: Invariant): string[] {
  return [assuming, 'onlyWhen' in claim ? claim.onlyWhen : undefined].filter(
    (condition) => condition !== undefined,
  );
}

/** Each condition as policies over the kinds of requests that it is held against. */
function scopedConditions(schema: Schema, invariant: Invariant): string[] {
  const conditions = conditionsOf(invariant);
  if (conditions.length === 0) return [];
  const kinds = Map.groupBy(
    kindsOfRequest(schema, invariant),
    ({ principalType, resourceType }) =>
      `principal is ${principalType}, resource is ${resourceType}`,
  );
  return [...kinds].flatMap(([types, of]) => {
    const [principal = '', resource = ''] = types.split(', ');
    const actions = of.map(({ action }) => `Proofline::Action::${JSON.stringify(action)}`);
    const scope = `${principal}, action in [${actions.join(', ')}], ${resource}`;
    return conditions.map((condition) =>
      conditionPolicy(condition).replace('principal, action, resource', () => scope),
    );
  });
}
