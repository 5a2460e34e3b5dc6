import { leafHash, parseEntry, sameHash, type EvidenceEntry } from '@proofline/evidence';
import { isId, type Json } from '@proofline/kernel';
import { EvidenceKind, ProblemError, type EvidenceRow } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import type { EntryRow } from '../store/entry-rows.ts';

/** An entry as it was read, and checked against its hash. */
export interface ReadEntry {
  readonly row: EntryRow;
  readonly entry: EvidenceEntry;
}

/**
 * Reads a stored entry. Every read checks the leaf against its hash: an altered row is not shown.
 *
 * @throws ProblemError `server.failed` naming the index in the internal text.
 */
export function readEntryRow(row: EntryRow): ReadEntry {
  const parsed = parseEntry(row.leaf);
  const sound = parsed.ok && parsed.value.id === row.evidenceId;
  if (!sound || !sameHash(leafHash(row.leaf), row.leafHash)) {
    throw new ProblemError('server.failed', { internal: `entry ${row.index} was altered` });
  }
  return { row, entry: parsed.value };
}

/** Entries as an auditor reads them, with names where they can be told. */
export function createRowReader(context: Context, pseudonyms: Pseudonyms) {
  async function namesOf(wanted: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const subjects = await pseudonyms.reverse(wanted);
    const names = new Map<string, string>();
    for (const [pseudonym, subjectId] of subjects) {
      const name = await context.nameOf?.(subjectId);
      if (name !== undefined) names.set(pseudonym, name);
    }
    return names;
  }

  return {
    namesOf,
    async show(entries: readonly ReadEntry[]): Promise<EvidenceRow[]> {
      const wanted = entries.flatMap(({ entry }) => Object.values(entry.subjects));
      const names = await namesOf(wanted);
      return entries.map((one) => describe(one, names));
    },
  };
}

function describe({ row, entry }: ReadEntry, names: ReadonlyMap<string, string>): EvidenceRow {
  const subjects = Object.entries(entry.subjects).map(([role, pseudonym]) => {
    const name = names.get(pseudonym);
    return [role, { pseudonym, ...(name !== undefined && { name }) }] as const;
  });
  const facts = Object.entries(entry.facts).flatMap(([name, value]): [string, Json][] =>
    value === undefined ? [] : [[name, value]],
  );
  return {
    evidenceId: entry.id,
    index: row.index,
    // A kind that the catalogue no longer has must stay readable: the catalogue only grows.
    kind: EvidenceKind.parse(entry.kind),
    at: entry.at,
    causes: entry.causes.filter((cause) => isId('evt', cause)),
    refs: { ...entry.refs },
    subjects: Object.fromEntries(subjects),
    // Parsed JSON without absent members.
    facts: Object.fromEntries(facts) as EvidenceRow['facts'],
  };
}
