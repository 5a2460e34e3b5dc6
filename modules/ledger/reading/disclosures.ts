import { openDisclosure, type DisclosedField } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import { SealError, type SealKey } from '../domain/seal.ts';
import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type { ReadEntry } from './read-rows.ts';

/** The personal fields of one data subject in one entry, opened. */
export interface OpenedGroup {
  /** Pseudonym of the data subject. */
  readonly subject: string;
  readonly retention: string;
  readonly texts: readonly string[];
  readonly fields: readonly DisclosedField[];
}

/**
 * Opens the personal fields of entries: evidence id → groups. A group whose key or disclosures were
 * destroyed is simply not there.
 *
 * @throws SealError when a disclosure is not the one that its entry committed to.
 */
export async function openDisclosures(
  context: Context,
  entries: readonly Pick<ReadEntry, 'entry'>[],
): Promise<ReadonlyMap<string, readonly OpenedGroup[]>> {
  const { rows, storage } = context;
  const byId = new Map<string, Pick<ReadEntry, 'entry'>>(entries.map((one) => [one.entry.id, one]));
  const sealed = await rows.disclosures.ofEntries(storage.db, [...byId.keys()]);
  const keys = await openKeys(context, sealed);
  const opened = new Map<string, OpenedGroup[]>();
  for (const row of sealed) {
    const key = keys.get(keyName(row));
    if (!key) continue;
    const group = openGroup(context, row, key);
    const committed = byId
      .get(row.evidence_id)
      ?.entry._sd.find((one) => one.subject === row.subject && one.retention === row.retention);
    if (!group.fields.every(({ digest }) => committed?.digests.includes(digest))) {
      throw new SealError(`the personal fields of ${row.evidence_id}`);
    }
    opened.set(row.evidence_id, [...(opened.get(row.evidence_id) ?? []), group]);
  }
  return opened;
}

async function openKeys(
  context: Context,
  sealed: readonly DisclosureRow[],
): Promise<ReadonlyMap<string, SealKey>> {
  const { rows, storage, sealer, tenant } = context;
  const keys = new Map<string, SealKey>();
  const months = Map.groupBy(sealed, ({ month }) => month);
  for (const [month, group] of months) {
    const subjects = [...new Set(group.map(({ subject }) => subject))];
    for (const row of await rows.keys.ofSubjects(storage.db, subjects, month)) {
      keys.set(keyName(row), sealer.openKey(row.sealed_key, places.key(tenant, row)));
    }
  }
  return keys;
}

function openGroup(context: Context, row: DisclosureRow, key: SealKey): OpenedGroup {
  const text = context.sealer.open(key, row.sealed, places.disclosures(context.tenant, row));
  const texts: unknown = JSON.parse(text);
  if (!Array.isArray(texts)) throw new SealError(`the personal fields of ${row.evidence_id}`);
  const fields = texts.map((one) => (typeof one === 'string' ? openDisclosure(one) : undefined));
  if (!fields.every((field) => field !== undefined)) {
    throw new SealError(`the personal fields of ${row.evidence_id}`);
  }
  return { subject: row.subject, retention: row.retention, texts: texts.map(String), fields };
}

function keyName(row: {
  readonly subject: string;
  readonly retention: string;
  readonly month: string;
}) {
  return `${row.subject} ${row.retention} ${row.month}`;
}
