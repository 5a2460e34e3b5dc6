import { findJsonFault } from '@proofline/kernel';
import type { PolicyFault, proposePolicies } from '@proofline/protocol';
import type { z } from 'zod';
import { kindOf, SCHEMA, wholeOf, type Draft } from './draft.ts';

/** A whole set as it is handed in. */
export type HandedSet = z.input<typeof proposePolicies.body>;

/** The set that a draft means, or the files of it that cannot even be read. */
export function bodyOf(
  draft: Draft,
): { readonly body: HandedSet } | { readonly faults: readonly PolicyFault[] } {
  const whole = [...wholeOf(draft)];
  const of = (kind: ReturnType<typeof kindOf>) => whole.filter(([path]) => kindOf(path) === kind);
  const cases = of('case').map(([path, text]) => readJson(path, text));
  const invariants = of('invariant').map(([path, text]) => readJson(path, text));
  const faults = [...cases, ...invariants].flatMap((one) => ('fault' in one ? [one.fault] : []));
  if (faults.length > 0) return { faults };
  return {
    body: {
      schema: wholeOf(draft).get(SCHEMA) ?? '',
      // Whatever is no case lies in a file of policies; the server looks at its path.
      files: whole
        .filter(([path]) => path.endsWith('.cedar'))
        .map(([path, text]) => ({ path, text })),
      cases: cases.flatMap((one) => ('value' in one ? [one.value] : [])),
      invariants: invariants.flatMap((one) => ('value' in one ? [one.value] : [])),
      note: draft.note,
    },
  };
}

type JsonValue = z.input<typeof proposePolicies.body>['cases'][number];

function readJson(
  path: string,
  text: string,
): { readonly value: JsonValue } | { readonly fault: PolicyFault } {
  const place = findJsonFault(text);
  // What `JSON.parse` answers is JSON; its type says `any`.
  if (place === undefined) return { value: JSON.parse(text) as JsonValue };
  return {
    fault: { code: `${kindOf(path)}.malformed`, path, ...place, text: 'Here it stops being JSON.' },
  };
}

/** Where a line and a column, both from 1, are in a text. */
export function offsetOf(text: string, line: number, column: number): number {
  const before = text.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(start + column - 1, text.length);
}
