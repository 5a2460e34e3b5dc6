import type { PolicySet } from './policy-set.ts';

/** How one member of a set differs from the same in another. */
export interface PolicyDiff {
  readonly id: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Its Cedar text before and after. */
  readonly from?: string;
  readonly to?: string;
}

type Listed = Pick<PolicySet, 'policies'>;

/** What differs between two sets, policy by policy, in the order of their ids. */
export function diffPolicies(from: Listed, to: Listed): PolicyDiff[] {
  const cedarOf = (set: Listed) =>
    new Map([...set.policies].map(([id, { layer, cedar }]) => [id, `// ${layer}\n${cedar}`]));
  return diffTexts(cedarOf(from), cedarOf(to)).map(({ name, ...diff }) => ({ id: name, ...diff }));
}

/** How one named text differs. */
export type TextDiff = { readonly name: string } & Omit<PolicyDiff, 'id'>;

/** What differs between two maps of texts. */
export function diffTexts(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): TextDiff[] {
  const names = [...new Set([...from.keys(), ...to.keys()])].toSorted();
  return names.flatMap((name): TextDiff[] => {
    const before = from.get(name);
    const after = to.get(name);
    if (before === after) return [];
    if (before === undefined) return [{ name, change: 'added', to: after ?? '' }];
    if (after === undefined) return [{ name, change: 'removed', from: before }];
    return [{ name, change: 'changed', from: before, to: after }];
  });
}
