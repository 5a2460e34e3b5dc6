import type { EvidenceRow } from '@proofline/protocol';

/** How an entry stands to the one that is looked at. */
export type Relation = 'cause' | 'self' | 'consequence' | 'beside';

/** An entry of a chain with what followed from it. */
export interface ChainNode {
  readonly row: EvidenceRow;
  readonly relation: Relation;
  /** Causes other than the one under which it stands. */
  readonly otherCauses: readonly EvidenceRow[];
  readonly consequences: readonly ChainNode[];
}

/**
 * A chain as a tree to read: every entry stands under the latest of its causes, the rest are named
 * beside it; siblings in the order of time.
 */
export function chainTree(rows: readonly EvidenceRow[], focusId: string): readonly ChainNode[] {
  const ordered = [...new Map(rows.map((row) => [row.evidenceId, row])).values()].toSorted(inOrder);
  const byId = new Map(ordered.map((row) => [row.evidenceId, row]));
  const position = new Map(ordered.map((row, index) => [row.evidenceId, index]));
  const causesOf = (row: EvidenceRow) =>
    row.causes
      // A cause comes before its consequence; anything else is no chain and would turn in circles.
      .filter((id) => (position.get(id) ?? Infinity) < (position.get(row.evidenceId) ?? -1))
      .map((id) => byId.get(id)!)
      .toSorted(inOrder);
  const relations = relationsTo(focusId, ordered, causesOf);

  const nodeOf = (row: EvidenceRow): ChainNode => ({
    row,
    relation: relations.get(row.evidenceId) ?? 'beside',
    otherCauses: causesOf(row).slice(0, -1),
    consequences: ordered
      .filter((other) => causesOf(other).at(-1)?.evidenceId === row.evidenceId)
      .map(nodeOf),
  });
  return ordered.filter((row) => causesOf(row).length === 0).map(nodeOf);
}

function inOrder(a: EvidenceRow, b: EvidenceRow): number {
  return (a.index ?? Infinity) - (b.index ?? Infinity) || a.at.localeCompare(b.at);
}

function relationsTo(
  focusId: string,
  ordered: readonly EvidenceRow[],
  causesOf: (row: EvidenceRow) => readonly EvidenceRow[],
): ReadonlyMap<string, Relation> {
  const relations = new Map<string, Relation>([[focusId, 'self']]);
  // Backwards for the causes: whatever a cause or the entry itself names.
  for (const row of ordered.toReversed()) {
    const relation = relations.get(row.evidenceId);
    if (relation !== 'self' && relation !== 'cause') continue;
    for (const cause of causesOf(row)) relations.set(cause.evidenceId, 'cause');
  }
  // Forwards for the consequences: whatever names the entry or one of its consequences.
  for (const row of ordered) {
    const follows = causesOf(row).some(({ evidenceId }) =>
      ['self', 'consequence'].includes(relations.get(evidenceId) ?? ''),
    );
    if (follows && !relations.has(row.evidenceId)) relations.set(row.evidenceId, 'consequence');
  }
  return relations;
}
