import {
  EvidenceKind,
  weightOf,
  type EvidenceOutcome,
  type EvidenceRadius,
} from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Reach } from './reach.ts';
import type { createRowReader } from './read-rows.ts';

/** As many people and records as one page shows; the counts beside them say what is the most. */
const NAMED_MAX = 200;

/** Counts what some entries reached. Nothing is unsealed for it. */
export async function radiusOf(
  context: Context,
  rowReader: Pick<ReturnType<typeof createRowReader>, 'namesOf'>,
  { places, truncated }: Reach,
): Promise<EvidenceRadius> {
  const { rows, storage } = context;
  const { db } = storage;
  const acts = await rows.reach.acts(db, places);
  const named = await rows.reach.named(db, places, 2 * NAMED_MAX);
  const people = named.filter(({ role }) => role.startsWith('subject:')).slice(0, NAMED_MAX);
  const things = named.filter(({ role }) => role.startsWith('ref:')).slice(0, NAMED_MAX);
  const names = await rowReader.namesOf(people.map(({ value }) => value));
  const times = acts.flatMap(({ first, last }) => [first.getTime(), last.getTime()]);
  return {
    entryCount: places.length,
    truncated,
    ...(times.length > 0 && {
      from: new Date(Math.min(...times)).toISOString(),
      to: new Date(Math.max(...times)).toISOString(),
    }),
    people: people.map(({ role, value, count }) => {
      const name = names.get(value);
      return {
        role: afterColon(role),
        pseudonym: value,
        ...(name !== undefined && { name }),
        count,
      };
    }),
    records: things.map(({ role, value, count }) => ({ role: afterColon(role), id: value, count })),
    fields: countFields(await rows.reach.fields(db, places)),
    acts: acts.map(({ action, count, kind, outcome }) => {
      const said = { ...(action !== null && { action }), ...(outcome !== null && { outcome }) };
      const weight = weightOf({ kind, ...said });
      return {
        kind: EvidenceKind.parse(kind),
        ...(action !== null && { action }),
        // Only what `facetsOf` made stands in the column.
        ...(outcome !== null && { outcome: outcome as EvidenceOutcome }),
        ...(weight && { weight }),
        count,
      };
    }),
  };
}

const afterColon = (role: string) => role.slice(role.indexOf(':') + 1);

function countFields(
  rows: readonly {
    readonly shown: string | null;
    readonly masked: string | null;
    readonly count: number;
  }[],
): EvidenceRadius['fields'] {
  const counts = new Map<string, { shown: number; masked: number }>();
  for (const row of rows) {
    for (const part of ['shown', 'masked'] as const) {
      for (const category of row[part]?.split(',') ?? []) {
        const counted = counts.get(category) ?? { shown: 0, masked: 0 };
        counted[part] += row.count;
        counts.set(category, counted);
      }
    }
  }
  return [...counts]
    .map(([category, counted]) => ({ category, ...counted }))
    .toSorted((a, b) => b.shown + b.masked - (a.shown + a.masked));
}
