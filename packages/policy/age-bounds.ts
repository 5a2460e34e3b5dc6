import type { Json, JsonObject } from '@proofline/kernel';

const COMPARISONS = ['<', '<=', '>', '>=', '=='] as const;

/**
 * The numbers that policies compare ages with: attribute (`ageSeconds`, `phrAgeSeconds`, …) →
 * seconds, descending, each with its predecessor (a strict `<` admits one less).
 *
 * A remedy's freshness is searched among these, so a policy is the only place that states it.
 */
export function ageBoundsOf(policies: readonly Json[]): Record<string, number[]> {
  const found = new Map<string, Set<number>>();
  for (const policy of policies) collect(policy, found);
  return Object.fromEntries(
    [...found].map(([attribute, bounds]) => [
      attribute,
      [...bounds].filter((bound) => bound >= 0).sort((a, b) => b - a),
    ]),
  );
}

function collect(node: Json | undefined, found: Map<string, Set<number>>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const comparison of COMPARISONS) note(member(node, comparison), found);
  const children: readonly (Json | undefined)[] = isObject(node) ? Object.values(node) : node;
  for (const child of children) collect(child, found);
}

function note(comparison: Json | undefined, found: Map<string, Set<number>>): void {
  const left = member(comparison, 'left');
  const right = member(comparison, 'right');
  const attribute = ageAttribute(left) ?? ageAttribute(right);
  const bound = member(left, 'Value') ?? member(right, 'Value');
  if (attribute === undefined || typeof bound !== 'number') return;
  const bounds = found.get(attribute) ?? new Set();
  found.set(attribute, bounds.add(bound).add(bound - 1));
}

function ageAttribute(node: Json | undefined): string | undefined {
  const attribute = member(member(node, '.'), 'attr');
  return typeof attribute === 'string' && /ageSeconds$/i.test(attribute) ? attribute : undefined;
}

function member(node: Json | undefined, name: string): Json | undefined {
  return isObject(node) ? node[name] : undefined;
}

function isObject(node: Json | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
