import { erasureKinds, parseEntry, type EvidenceEntry } from '@proofline/evidence';
import type { EvidenceKind } from '@proofline/protocol';
import type { EntryRow } from '../../store/entry-rows.ts';
import type { ErasureContext } from '../context.ts';
import { createProver } from '../../reading/prove-entries.ts';
import { destroy } from './destroy.ts';

const PAGE = 1_000;

/**
 * At a start: everything that was erased is erased again. What the log tells of may have come back
 * with tables of a backup; what only the journal beside the high-water mark knows was erased after
 * the backup, so the log is told again, and then it goes. Where nobody may erase, it is left and told.
 */
export async function replayErasures(context: ErasureContext): Promise<void> {
  for (const entry of await readJournal(context)) await tellAgain(context, entry);
  const { sequencer, storage, stretches } = context;
  const head = sequencer.published();
  // Only what is under the head is believed: it takes away what nobody can bring back.
  const prove = createProver(context, head);
  let left = 0;
  for (const kind of erasureKinds) {
    let before: number | undefined = head.size;
    for (;;) {
      const page = await stretches.ofKind(storage.db, { kind, count: PAGE, before });
      for (const row of page) {
        const entry = await prove(row);
        if (entry?.kind !== kind) continue;
        if (storage.mayErase()) await destroy(context, row);
        else left += 1;
      }
      before = page.at(-1)?.index;
      if (page.length < PAGE) break;
    }
  }
  if (left > 0) context.onFault?.({ reason: leftUndone(left), stopped: false });
}

/** Two logins, and none of them may erase: the log goes on, and whoever looks after it is told. */
function leftUndone(count: number): string {
  return (
    `Not looked whether anything came back of what was erased (${count} erasures in the log): ` +
    'no login here may erase. Give one as PROOFLINE_DATABASE_ERASING_URL, and start again.'
  );
}

async function readJournal(context: ErasureContext): Promise<readonly EvidenceEntry[]> {
  const entries = (await context.journal.read()).map((leaf) => {
    const parsed = parseEntry(leaf);
    if (!parsed.ok) throw new Error(`the journal of erasures cannot be read: ${parsed.error}`);
    return parsed.value;
  });
  const known = await context.rows.entries.findIds(
    context.storage.db,
    entries.map(({ id }) => id),
    context.sequencer.published().size,
  );
  return entries.filter(({ id }) => !known.has(id));
}

async function tellAgain(context: ErasureContext, entry: EvidenceEntry): Promise<void> {
  const { storage, writer, rows, journal } = context;
  const { refs, facts } = entry;
  const erasureId = refs['erasureId'] ?? '';
  if (await isToldAgain(context, entry.kind, erasureId)) return;
  const evidenceId = await storage.transaction((tx) =>
    writer.record(tx, {
      // Written by `carryOut`, from the catalogue.
      kind: entry.kind as EvidenceKind,
      refs: { ...refs, firstEvidenceId: entry.id },
      facts: { ...facts, restored: true },
    }),
  );
  await writer.durable(evidenceId);
  const [row] = await rows.entries.findByIds(storage.db, [evidenceId]);
  if (row) await journal.append(row.leaf);
}

/** Told by an earlier start after the same restore. */
async function isToldAgain(
  context: ErasureContext,
  kind: string,
  erasureId: string,
): Promise<boolean> {
  const { rows, sequencer, storage } = context;
  const prove = createProver(context, sequencer.published());
  const found: readonly EntryRow[] = await rows.entries.search(storage.db, {
    values: [erasureId],
    kind,
    count: 10,
  });
  for (const row of found) {
    const entry = await prove(row);
    if (entry?.kind === kind && entry.refs['erasureId'] === erasureId) return true;
  }
  return false;
}
