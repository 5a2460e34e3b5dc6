import { canonicalJson } from '@proofline/kernel';
import { monthOf, parseEntry, type ErasureRecord, type EvidenceEntry } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { FACETS_VERSION } from '../domain/facets.ts';
import { entryRefs } from '../domain/entry-refs.ts';
import { places } from '../domain/places.ts';
import { SealError } from '../domain/seal.ts';
import { knownErasures } from '../erasure/commands/known-erasures.ts';
import { openDisclosures } from '../reading/disclosures.ts';
import { facetsOfRange } from '../projection/follow-log.ts';
import { checkPlaces, checkTree } from '../sequencer/check-tree.ts';
import type { Head } from '../store/head-rows.ts';
import type { EntryRow } from '../store/entry-rows.ts';

const PAGE = 500;

/** Told how far a check has come: of what, how many entries, of how many. */
export type CheckProgress = (what: string, checked: number, size: number) => void;

/**
 * Checks every table of the ledger, and that the log still begins as it was published; answers what
 * is wrong, as sentences.
 */
export async function checkLedger(
  context: Context,
  shown: Pick<Head, 'size' | 'root'>,
  onProgress?: CheckProgress,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const head = await context.rows.head.find(context.storage.db);
  if (!head || head.size < shown.size) return ['The log was set back below what was published.'];
  const afterPage = (checked: number) => onProgress?.('tree', checked, head.size);
  const tree = checkTree(context, head, { mark: shown, afterPage });
  for await (const { text } of tree) faults.push(`${text}.`);
  const { record } = await knownErasures(context);
  for (let start = 0; start < head.size; start += PAGE) {
    const end = Math.min(start + PAGE, head.size);
    const page = await context.rows.entries.range(context.storage.db, start, end);
    const entries = page.flatMap((row) => {
      const parsed = parseEntry(row.leaf);
      return parsed.ok ? [{ row, entry: parsed.value }] : [];
    });
    faults.push(...(await findRefFaults(context, entries, { start, end })));
    faults.push(...(await findFacetFaults(context, page, { start, end })));
    faults.push(...(await findPersonalFaults(context, entries, record)));
    onProgress?.('index and personal fields', end, head.size);
  }
  for (const table of ['ledger_refs', 'ledger_facets'] as const) {
    for await (const { text } of checkPlaces(context, head, table)) faults.push(`${text}.`);
  }
  faults.push(...(await findPseudonymFaults(context)), ...(await findOutboxFaults(context)));
  return faults;
}

type Page = readonly { readonly row: EntryRow; readonly entry: EvidenceEntry }[];

async function findRefFaults(
  context: Context,
  page: Page,
  range: { readonly start: number; readonly end: number },
): Promise<string[]> {
  const stored = await context.rows.refs.range(context.storage.db, range.start, range.end);
  const name = (ref: (typeof stored)[number]) => `${ref.index} ${ref.role} ${ref.value}`;
  const found = new Set(stored.map(name));
  const expected = new Set(page.flatMap(({ row, entry }) => entryRefs(entry, row.index)).map(name));
  const differing = [
    ...[...found].filter((ref) => !expected.has(ref)),
    ...[...expected].filter((ref) => !found.has(ref)),
  ].map((text) => text.split(' ')[0]);
  return [...new Set(differing)].map(
    (index) => `Entry ${index} cannot be found by all and only what it names.`,
  );
}

/** What is searched by must be what the leaves say; what is not made yet is no fault. */
async function findFacetFaults(
  context: Context,
  page: readonly EntryRow[],
  { start, end }: { readonly start: number; readonly end: number },
): Promise<string[]> {
  const { rows, storage } = context;
  const head = await rows.facets.head(storage.db);
  if (head?.version !== FACETS_VERSION) return [];
  const made = page.filter(({ index }) => index < head.size);
  const stored = await rows.facets.range(storage.db, start, end);
  const found = new Map(stored.map((row) => [row.index, canonicalJson({ ...row })]));
  const expected = await facetsOfRange(context, made);
  const differing = expected.filter((row) => found.get(row.index) !== canonicalJson({ ...row }));
  const beyond = stored.filter(({ index }) => index >= head.size);
  return [...differing, ...beyond].map(
    ({ index }) => `Entry ${index} is not searched by what it says.`,
  );
}

/** Every committed field must open to what was committed. */
async function findPersonalFaults(
  context: Context,
  page: Page,
  erasures: ErasureRecord,
): Promise<string[]> {
  try {
    const opened = await openDisclosures(context, page);
    return page.flatMap(({ row, entry }) => {
      // What an erasure took, or is about to take, is explained.
      const month = monthOf(entry.at);
      const isKept = (of: { readonly subject: string; readonly retention: string }) =>
        !erasures.ofFields(row.index, { ...of, month });
      const expected = entry._sd.filter(isKept).flatMap(({ digests }) => digests).length;
      const groups = (opened.get(entry.id) ?? []).filter(isKept);
      const found = groups.flatMap(({ fields }) => fields).length;
      if (found === expected) return [];
      return [`Entry ${row.index} lacks ${expected - found} of its personal fields.`];
    });
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    const [only] = page;
    if (page.length === 1 && only) return [`Entry ${only.row.index}: ${error.message}.`];
    // One of them is broken: look at each by itself.
    const faults: string[] = [];
    for (const one of page) faults.push(...(await findPersonalFaults(context, [one], erasures)));
    return faults;
  }
}

async function findPseudonymFaults({ rows, storage, sealer, tenant }: Context): Promise<string[]> {
  const all = await rows.pseudonyms.all(storage.db);
  return all
    .filter(
      (row) => !sealer.isMac(row.mac, places.pseudonym(tenant, row.subject_id, row.pseudonym)),
    )
    .map((row) => `The row of the pseudonym ${row.pseudonym} was not written by this ledger.`);
}

async function findOutboxFaults({ rows, storage, sealer, tenant }: Context): Promise<string[]> {
  const waiting = await rows.outbox.oldest(storage.db, PAGE);
  return waiting
    .filter((row) => !sealer.isMac(row.mac, places.outbox(tenant, row.evidence_id, row.leaf)))
    .map((row) => `The recorded entry ${row.evidence_id} was not written by this ledger.`);
}
