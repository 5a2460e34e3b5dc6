import type { JsonObject } from '@proofline/kernel';
import { compileRelease, decide, rowFilter, type PolicySet } from '@proofline/policy';
import type { Action, Role } from '@proofline/protocol';
import { productPolicies } from '../../../packages/policy/testing/product-policies.ts';
import type { FactsProvider, RowDecider } from '../types.ts';

/** Compiled once. */
let policies: PolicySet | undefined;

/** What is known of somebody who reads. */
interface Reader {
  readonly desk: string;
  readonly roles: readonly Role[];
}

/** {@link RowDecider} by the product's policies, for rooms that test without a PDP. */
export function rowsByPolicies(
  staffOf: (id: string) => Promise<Reader | undefined>,
): RowDecider['rowsPermitted'] {
  return async ({ subject, action, columns, resourceType }) => {
    policies ??= compileRelease(productPolicies());
    const principal = { type: subject.type, id: subject.id };
    const context = factsOf(await staffOf(subject.id));
    return rowFilter(policies, { principal, action, resourceType, columns, context });
  };
}

/**
 * Which of these rows the product's policies permit when each is decided by itself, on the facts that
 * the module gives about it: what a list must show, no more and no less.
 */
export async function permittedOneByOne(
  asked: {
    readonly subjectId: string;
    readonly reader: Reader;
    readonly action: Action;
    readonly resourceType: string;
    readonly providers: readonly FactsProvider[];
  },
  ids: readonly string[],
): Promise<string[]> {
  policies ??= compileRelease(productPolicies());
  const set = policies;
  const subject = { type: 'Staff', id: asked.subjectId } as const;
  const permitted: string[] = [];
  for (const id of ids) {
    const resource = { type: asked.resourceType, id };
    const context: Record<string, JsonObject> = factsOf(asked.reader);
    for (const { gather, name } of asked.providers) {
      const facts = await gather({ subject, action: asked.action, resource });
      if (facts) context[name] = { ...facts.values };
    }
    const { effect } = decide(set, { principal: subject, action: asked.action, resource, context });
    if (effect === 'permit') permitted.push(id);
  }
  return permitted.toSorted();
}

function factsOf(reader: Reader | undefined) {
  return {
    request: {},
    session: { live: true },
    staff: {
      desk: reader?.desk ?? '',
      roles: [...(reader?.roles ?? [])],
      active: reader !== undefined,
    },
  };
}
