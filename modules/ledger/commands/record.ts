import { makeDisclosure, writeEntry, type SubjectDigests } from '@proofline/evidence';
import { newId, type Id, type Json } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type { EvidenceDraft, EvidenceWriter, RetentionClass } from '../types.ts';
import { createKeyring } from './keyring.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Ids of people, which belong into `subjects`: in clear they would outlive every erasure. */
const PERSON_ID = /\b(?:stf|cus)_[0-7][0-9a-hjkmnp-tv-z]{25}\b/;
/** Ordinals leave room for this many entries in a millisecond before they run ahead of the clock. */
const ORDINALS_PER_MS = 1_024;

/** Records, and is told what has come into the log. */
export interface Recorder {
  readonly record: EvidenceWriter['record'];
  /** These entries are in the log, so their transactions have committed. */
  confirm(evidenceIds: Iterable<string>): void;
}

/** Writes drafts as entries into the outbox, their personal fields sealed apart. */
export function createRecorder(context: Context, pseudonyms: Pseudonyms): Recorder {
  const keyring = createKeyring(context);
  let lastOrdinal = 0;

  const record: EvidenceWriter['record'] = async (tx, draft) => {
    const nowMs = context.clock.now();
    const id = newId('evt', context);
    const at = new Date(nowMs).toISOString();
    const known = await pseudonyms.of(tx, id, subjectsOf(draft));
    const groups = groupFields(draft, known);
    const sealed = await sealGroups({ tx, evidenceId: id, month: at.slice(0, 7) }, groups);
    const leaf = writeEntry({
      v: 1,
      id,
      kind: draft.kind,
      at,
      causes: [...new Set(draft.causes)],
      refs: draft.refs ?? {},
      subjects: Object.fromEntries(
        Object.entries(draft.subjects ?? {}).map(([role, subject]) => [role, known.get(subject)!]),
      ),
      facts: draft.facts ?? {},
      _sd: sealed.digests,
    });
    if (PERSON_ID.test(leaf)) throw new RangeError(`${draft.kind} names a person in clear`);
    if (sealed.rows.length > 0) await context.rows.disclosures.insert(tx, sealed.rows);
    lastOrdinal = Math.max(lastOrdinal + 1, nowMs * ORDINALS_PER_MS);
    const mac = context.sealer.mac(places.outbox(context.tenant, id, leaf));
    await context.rows.outbox.insert(tx, { ordinal: lastOrdinal, evidence_id: id, leaf, mac });
    return id;
  };

  async function sealGroups(
    entry: { readonly tx: Db; readonly evidenceId: Id<'evt'>; readonly month: string },
    groups: readonly FieldGroup[],
  ): Promise<{ digests: SubjectDigests[]; rows: DisclosureRow[] }> {
    const keys = await keyring.of(entry, groups);
    const digests: SubjectDigests[] = [];
    const rows: DisclosureRow[] = [];
    for (const { subject, retention, fields } of groups) {
      const made = fields.map(([name, value]) => makeDisclosure(name, value, context.random));
      digests.push({ subject, retention, digests: made.map(({ digest }) => digest).sort() });
      const row = { evidence_id: entry.evidenceId, subject, retention, month: entry.month };
      const texts = JSON.stringify(made.map(({ text }) => text));
      const place = places.disclosures(context.tenant, row);
      rows.push({
        ...row,
        sealed: context.sealer.seal(keys({ subject, retention }), texts, place),
      });
    }
    return { digests, rows };
  }

  return {
    record,
    confirm(evidenceIds) {
      for (const evidenceId of evidenceIds) {
        pseudonyms.confirm(evidenceId);
        keyring.confirm(evidenceId);
      }
    },
  };
}

/** The personal fields of one data subject that share a key. */
interface FieldGroup {
  readonly subject: string;
  readonly retention: RetentionClass;
  readonly fields: readonly (readonly [name: string, value: Json])[];
}

/** One group per data subject and retention class, sorted as the entry has them. */
function groupFields(draft: EvidenceDraft, known: ReadonlyMap<string, string>): FieldGroup[] {
  const groups = new Map<string, FieldGroup>();
  for (const { subject, retention, fields } of draft.personal ?? []) {
    const pseudonym = known.get(subject)!;
    const key = `${pseudonym} ${retention}`;
    const before = groups.get(key)?.fields ?? [];
    const present = Object.entries(fields).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    );
    const all = [...before, ...present];
    if (new Set(all.map(([name]) => name)).size !== all.length) {
      throw new RangeError(`${draft.kind} has a personal field twice`);
    }
    if (all.length > 0) groups.set(key, { subject: pseudonym, retention, fields: all });
  }
  return [...groups.keys()].sort().map((key) => groups.get(key)!);
}

function subjectsOf(draft: EvidenceDraft): string[] {
  const subjects = Object.values(draft.subjects ?? {});
  return [...new Set([...subjects, ...(draft.personal ?? []).map(({ subject }) => subject)])];
}
