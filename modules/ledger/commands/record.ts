import {
  makeDisclosure,
  writeEntry,
  type EvidenceEntry,
  type SubjectDigests,
} from '@proofline/evidence';
import { newId, type Id, type Json } from '@proofline/kernel';
import { insertRows, type Insert } from '@proofline/storage';
import type { Context } from '../context.ts';
import { places } from '../domain/places.ts';
import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type {
  EvidenceDraft,
  EvidenceListWriter,
  EvidenceWriter,
  RetentionClass,
} from '../types.ts';
import type { Appended } from '../sequencer/append-queue.ts';
import { createKeyring, type KeyLookup, type KeyOwner } from './keyring.ts';
import type { Pseudonyms } from './pseudonyms.ts';

/** Ids of people, which belong into `subjects`: in clear they would outlive every erasure. */
const PERSON_ID = /\b(?:stf|cus)_[0-7][0-9a-hjkmnp-tv-z]{25}\b/;
/** Ordinals leave room for this many entries in a millisecond before they run ahead of the clock. */
const ORDINALS_PER_MS = 1_024;

/** Records, and is told what has come into the log. */
export interface Recorder {
  readonly record: EvidenceWriter['record'];
  readonly recordAll: EvidenceListWriter['recordAll'];
  readonly sealAll: EvidenceListWriter['sealAll'];
  /** An entry that goes straight into the log; `undefined` where a subject is not in memory. */
  sealForLog(draft: EvidenceDraft): Appended | undefined;
  /** These entries are in the log, so their transactions have committed. */
  confirm(evidenceIds: Iterable<string>): void;
  /** What is in memory of pseudonyms and data keys is dropped: some of it was erased. */
  forget(): void;
}

/** Writes drafts as entries into the outbox, their personal fields sealed apart. */
export function createRecorder(context: Context, pseudonyms: Pseudonyms): Recorder {
  const { clock, random, recent, rows, sealer, tenant } = context;
  const keyring = createKeyring(context);
  let lastOrdinal = 0;

  function begin(drafts: readonly EvidenceDraft[]): Recording {
    const nowMs = clock.now();
    const at = new Date(nowMs).toISOString();
    const ids = drafts.map(() => newId('evt', context));
    const subjects = [...new Set(drafts.flatMap(subjectsOf))];
    return { drafts, ids, subjects, nowMs, at, month: at.slice(0, 7) };
  }

  /** The entries, and the personal fields apart. */
  function seal({ drafts, ids, at, month }: Recording, known: Pseudonymous, keys: KeyLookup) {
    return drafts.map((draft, index) => {
      const id = ids[index]!;
      const sealed = sealGroups(id, { groups: groupFields(draft, known), keys, month });
      const entry = entryOf({ id, at, draft, known }, sealed.digests);
      return { entry, leaf: leafOf(entry), disclosures: sealed.rows };
    });
  }

  /** The same as rows for the outbox. */
  function write(recording: Recording, known: Pseudonymous, keys: KeyLookup): Insert[] {
    const { at, nowMs } = recording;
    const entries = seal(recording, known, keys);
    const waiting = entries.map(({ entry, leaf }) => {
      const { id, kind, causes, refs, subjects } = entry;
      lastOrdinal = Math.max(lastOrdinal + 1, nowMs * ORDINALS_PER_MS);
      const mac = sealer.mac(places.outbox(tenant, id, leaf));
      recent.keep({ leaf, mac, entry: { id, kind, at, causes, refs, subjects } });
      return { ordinal: lastOrdinal, evidence_id: id, leaf, mac };
    });
    const disclosures = entries.flatMap((entry) => entry.disclosures);
    return [rows.disclosures.insertOf(disclosures), rows.outbox.insertOf(waiting)];
  }

  /** However many entries: one statement, and two more for each new subject. */
  const recordAll: Recorder['recordAll'] = async (tx, drafts) => {
    const recording = begin(drafts);
    const { subjects, month, ids } = recording;
    const [first] = ids;
    if (first === undefined) return [];
    // They commit together, so one of them stands for all when it has come into the log.
    const known = await pseudonyms.of(tx, first, subjects);
    const owners = ownersOf(drafts, known);
    const keys = await keyring.of({ tx, evidenceId: first, month }, owners);
    await insertRows(tx, ...write(recording, known, keys));
    return ids;
  };

  const sealAll: Recorder['sealAll'] = (drafts) => {
    const recording = begin(drafts);
    const known = pseudonyms.remembered(recording.subjects);
    const keys = known && keyring.remembered(recording.month, ownersOf(drafts, known));
    return keys && { ids: recording.ids, inserts: write(recording, known, keys) };
  };

  const sealForLog: Recorder['sealForLog'] = (draft) => {
    const recording = begin([draft]);
    const known = pseudonyms.remembered(recording.subjects);
    const keys = known && keyring.remembered(recording.month, ownersOf([draft], known));
    return keys && seal(recording, known, keys)[0];
  };

  function sealGroups(
    evidenceId: string,
    { groups, keys, month }: Sealing,
  ): { digests: SubjectDigests[]; rows: DisclosureRow[] } {
    const digests: SubjectDigests[] = [];
    const sealed: DisclosureRow[] = [];
    for (const { subject, retention, fields } of groups) {
      const made = fields.map(([name, value]) => makeDisclosure(name, value, random));
      digests.push({ subject, retention, digests: made.map(({ digest }) => digest).sort() });
      const row = { evidence_id: evidenceId, subject, retention, month };
      const texts = JSON.stringify(made.map(({ text }) => text));
      const place = places.disclosures(tenant, row);
      sealed.push({ ...row, sealed: sealer.seal(keys({ subject, retention }), texts, place) });
    }
    return { digests, rows: sealed };
  }

  return {
    // One was given, one comes back.
    record: async (tx, draft) => (await recordAll(tx, [draft]))[0]!,
    recordAll,
    sealAll,
    sealForLog,
    confirm(evidenceIds) {
      for (const evidenceId of evidenceIds) {
        pseudonyms.confirm(evidenceId);
        keyring.confirm(evidenceId);
        recent.drop(evidenceId);
      }
    },
    forget() {
      pseudonyms.forget();
      keyring.forget();
    },
  };
}

/** The personal fields of one entry, and what they are sealed with. */
interface Sealing {
  readonly groups: readonly FieldGroup[];
  readonly keys: KeyLookup;
  /** `2026-11` */
  readonly month: string;
}

/** Subject id → pseudonym. */
type Pseudonymous = ReadonlyMap<string, string>;

/** Entries that are being recorded at one moment. */
interface Recording {
  readonly drafts: readonly EvidenceDraft[];
  readonly ids: readonly Id<'evt'>[];
  readonly subjects: readonly string[];
  readonly nowMs: number;
  readonly at: string;
  /** `2026-11` */
  readonly month: string;
}

interface Leaf {
  readonly id: Id<'evt'>;
  readonly at: string;
  readonly draft: EvidenceDraft;
  readonly known: Pseudonymous;
}

function entryOf(
  { id, at, draft, known }: Leaf,
  digests: readonly SubjectDigests[],
): EvidenceEntry {
  const subjects = Object.entries(draft.subjects ?? {});
  return {
    v: 1,
    id,
    kind: draft.kind,
    at,
    causes: [...new Set(draft.causes)],
    refs: { ...draft.refs },
    subjects: Object.fromEntries(subjects.map(([role, subject]) => [role, known.get(subject)!])),
    facts: draft.facts ?? {},
    _sd: digests,
  };
}

function leafOf(entry: EvidenceEntry): string {
  const leaf = writeEntry(entry);
  if (PERSON_ID.test(leaf)) throw new RangeError(`${entry.kind} names a person in clear`);
  return leaf;
}

/** The personal fields of one data subject that share a key. */
interface FieldGroup {
  readonly subject: string;
  readonly retention: RetentionClass;
  readonly fields: readonly (readonly [name: string, value: Json])[];
}

/** One group per data subject and retention class, sorted as the entry has them. */
function groupFields(draft: EvidenceDraft, known: Pseudonymous): FieldGroup[] {
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

/** Whose keys are needed: many entries are about one subject, whose key is asked for once. */
function ownersOf(drafts: readonly EvidenceDraft[], known: Pseudonymous): KeyOwner[] {
  const owners = drafts.flatMap(({ personal = [] }) =>
    personal.map(({ subject, retention }) => ({ subject: known.get(subject)!, retention })),
  );
  return [...new Map(owners.map((one) => [`${one.subject} ${one.retention}`, one])).values()];
}

function subjectsOf(draft: EvidenceDraft): string[] {
  const subjects = Object.values(draft.subjects ?? {});
  return [...new Set([...subjects, ...(draft.personal ?? []).map(({ subject }) => subject)])];
}
