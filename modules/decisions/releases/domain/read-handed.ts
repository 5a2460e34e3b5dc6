import {
  parseDecisionCase,
  parseInvariant,
  type DecisionCase,
  type Invariant,
} from '@proofline/policy';
import type { PolicyFault } from '@proofline/protocol';

/** Named cases as they are handed in: those that are of their form, and what is wrong with the others. */
export function readCases(handed: readonly unknown[]): {
  readonly cases: readonly DecisionCase[];
  readonly faults: readonly PolicyFault[];
} {
  const { read, faults } = readAll(handed, { parse: parseDecisionCase, what: 'case' });
  if (handed.length > 0) return { cases: read, faults };
  const none = 'There is no named case, so nothing was tried.';
  return { cases: [], faults: [faultAt('cases', 'case.none', none)] };
}

/** Invariants as they are handed in; whether they fit to the schema is said when it is read. */
export function readInvariants(handed: readonly unknown[]): {
  readonly invariants: readonly Invariant[];
  readonly faults: readonly PolicyFault[];
} {
  const { read, faults } = readAll(handed, { parse: parseInvariant, what: 'invariant' });
  return { invariants: read, faults };
}

function readAll<T extends { readonly name: string }>(
  handed: readonly unknown[],
  { parse, what }: { readonly parse: (one: unknown) => T; readonly what: 'case' | 'invariant' },
): { readonly read: T[]; readonly faults: PolicyFault[] } {
  const read: T[] = [];
  const faults: PolicyFault[] = [];
  const seen = new Set<string>();
  const place = (name: string) => `${what}s/${name}.json`;
  for (const [index, one] of handed.entries()) {
    try {
      const parsed = parse(one);
      if (seen.has(parsed.name)) {
        faults.push(faultAt(place(parsed.name), `${what}.duplicate`, 'The name stands twice.'));
      } else read.push(parsed);
      seen.add(parsed.name);
    } catch (error) {
      const words = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : '';
      const text = `It is not of the form of its kind: ${words.slice(0, 300)}`;
      faults.push(faultAt(place(nameOf(one) ?? String(index)), `${what}.malformed`, text));
    }
  }
  return { read, faults };
}

function nameOf(one: unknown): string | undefined {
  if (typeof one !== 'object' || one === null || !('name' in one)) return undefined;
  return typeof one.name === 'string' ? one.name.slice(0, 120) : undefined;
}

function faultAt(path: string, code: string, text: string): PolicyFault {
  return { code, path, line: 1, column: 1, text };
}
