import type { EvidenceRow } from '@proofline/protocol';

/** How an entry stands to the one that is looked at. */
export type Relation = 'cause' | 'self' | 'consequence' | 'beside';

/** An entry of a chain, on its own line of the drawing. */
export interface ChainLine {
  readonly row: EvidenceRow;
  readonly relation: Relation;
  /** How many causes stand one before the other behind it: its place from the left. */
  readonly depth: number;
  /** Its causes within the chain, by their lines, oldest first. */
  readonly causes: readonly number[];
}

/**
 * A chain as it is drawn: one line for each entry in the order of the log, further to the right the more
 * led to it, so that every stroke goes downwards and to the right.
 */
export function chainLines(rows: readonly EvidenceRow[], focusId: string): readonly ChainLine[] {
  const ordered = [...new Map(rows.map((row) => [row.evidenceId, row])).values()].toSorted(inOrder);
  const lineOf = new Map<string, number>(ordered.map((row, line) => [row.evidenceId, line]));
  const causes = ordered.map((row, line) =>
    row.causes
      .map((id) => lineOf.get(id) ?? Infinity)
      // A cause comes before its consequence; anything else is no chain and would turn in circles.
      .filter((cause) => cause < line)
      .toSorted((a, b) => a - b),
  );
  const depths: number[] = [];
  for (const own of causes) depths.push(1 + Math.max(-1, ...own.map((line) => depths[line] ?? 0)));
  const relations = relationsTo(lineOf.get(focusId), causes);
  return ordered.map((row, line) => ({
    row,
    relation: relations[line] ?? 'beside',
    depth: depths[line] ?? 0,
    causes: causes[line] ?? [],
  }));
}

function inOrder(a: EvidenceRow, b: EvidenceRow): number {
  return (a.index ?? Infinity) - (b.index ?? Infinity) || a.at.localeCompare(b.at);
}

function relationsTo(
  focus: number | undefined,
  causes: readonly (readonly number[])[],
): readonly Relation[] {
  const relations = causes.map((): Relation => 'beside');
  if (focus === undefined) return relations;
  relations[focus] = 'self';
  // Backwards for the causes: whatever a cause or the entry itself names.
  for (let line = focus; line >= 0; line -= 1) {
    if (relations[line] === 'beside') continue;
    for (const cause of causes[line] ?? []) relations[cause] = 'cause';
  }
  // Forwards for the consequences: whatever names the entry or one of its consequences.
  for (let line = focus + 1; line < causes.length; line += 1) {
    const follows = causes[line]?.some(
      (cause) => relations[cause] === 'self' || relations[cause] === 'consequence',
    );
    if (follows) relations[line] = 'consequence';
  }
  return relations;
}
