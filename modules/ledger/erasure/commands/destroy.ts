import { erasedIdHash, isErasable, parseEntry, type EvidenceEntry } from '@proofline/evidence';
import { evidenceKindNames } from '@proofline/protocol';
import type { EntryRow } from '../../store/entry-rows.ts';
import type { ErasureContext } from '../context.ts';
import type { FieldSelection } from '../domain/plan.ts';

const PAGE = 1_000;
/** Those of the kinds of today whose bytes may go. */
export const erasableKinds = evidenceKindNames.filter(isErasable);

/**
 * Takes away what an entry of the log says was erased. Done again it finds nothing, so a crash in the
 * middle, and a backup that brings erased things back, are made good by doing it again.
 */
export async function destroy(
  context: ErasureContext,
  row: Pick<EntryRow, 'leaf' | 'index'>,
): Promise<void> {
  const parsed = parseEntry(row.leaf);
  if (!parsed.ok) throw new Error(`entry ${row.index} of the log cannot be read`);
  const { kind, facts } = parsed.value;
  if (kind === 'erasure.fields') await destroyNamed(context, parsed.value);
  else if (kind === 'erasure.entries') await destroyEntries(context, readHashes(facts['entries']));
  else if (kind === 'erasure.pruned') {
    const { below } = facts;
    if (typeof below === 'number' && below <= row.index) await destroyBelow(context, below);
  }
}

async function destroyNamed(
  context: ErasureContext,
  { refs, facts }: Pick<EvidenceEntry, 'refs' | 'facts'>,
): Promise<void> {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const pseudonym = refs['erasedPseudonym'];
  const [retention, before] = [text(facts['retention']), text(facts['before'])];
  const { except } = facts;
  const kept = Array.isArray(except) ? except.filter((one) => typeof one === 'string') : [];
  // Of everybody, only what is of one class and past its time.
  const isOfAll = retention !== undefined && before !== undefined;
  if (pseudonym === undefined && !isOfAll) return;
  await destroyFields(context, { pseudonym, retention, before, except: kept });
  if (pseudonym !== undefined && retention === undefined && before === undefined) {
    await context.storage.erase((tx) => context.erase.pseudonym(tx, pseudonym));
  }
}

function readHashes(entries: unknown): ReadonlyMap<number, string> {
  const named = typeof entries === 'object' && entries !== null ? Object.entries(entries) : [];
  return new Map(
    named.flatMap(([at, hash]) => (typeof hash === 'string' ? [[Number(at), hash] as const] : [])),
  );
}

/** The keys first: without them the rest is unreadable already. */
async function destroyFields(
  { storage, erase }: ErasureContext,
  selection: FieldSelection,
): Promise<void> {
  for (const take of [erase.keys, erase.disclosures]) {
    while ((await storage.erase((tx) => take(tx, selection))) === PAGE);
  }
}

async function destroyEntries(
  { storage, erase, rows }: ErasureContext,
  hashes: ReadonlyMap<number, string>,
): Promise<void> {
  const found = await rows.entries.findByIndexes(storage.db, [...hashes.keys()]);
  // A log that was restored and went on otherwise has others at these places.
  const taken = found.filter(
    ({ index, evidenceId, leaf }) => leaf !== '' && erasedIdHash(evidenceId) === hashes.get(index),
  );
  if (taken.length > 0) await storage.erase((tx) => erase.entries(tx, taken));
}

async function destroyBelow(
  { storage, erase, stretches }: ErasureContext,
  below: number,
): Promise<void> {
  for (;;) {
    const page = await stretches.erasableBelow(storage.db, {
      below,
      kinds: erasableKinds,
      count: PAGE,
    });
    if (page.length > 0) await storage.erase((tx) => erase.entries(tx, page));
    if (page.length < PAGE) return;
  }
}
