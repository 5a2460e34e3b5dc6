import { bytesToHex } from '@proofline/kernel';
import { parseEntry, type EvidenceEntry } from '../entry.ts';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { parseNote } from '../note/signed-note.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { judgeWitnesses, type PolicyVerdict } from '../policy/judge-checkpoint.ts';
import type { WitnessPolicy } from '../policy/witness-policy.ts';
import {
  manifestDigest,
  parseBundle,
  type BundleEntry,
  type EvidenceBundle,
  type ManifestLine,
} from './bundle.ts';
import {
  entryChecks,
  openDisclosures,
  readRegistration,
  withheldCount,
  type Examined,
  type RegisteredKey,
} from './entry-checks.ts';
import { erasedIdHash, ErasureRecord } from '../erasure/erased.ts';
import { leafHash } from '../tree/hash.ts';
import { findErasedFields, isIncluded, judgeErased } from './erased-checks.ts';
import {
  fault,
  type BundleFault,
  type BundleVerdict,
  type EntryVerdict,
  type LogIdentity,
} from './verdict.ts';

/** What the reader knows beforehand. */
export interface VerifyOptions {
  /** The log's verifier key (`name+hash+key`), known from elsewhere than the file. */
  readonly trustedKey?: string;
  /**
   * Whose word the reader asks for besides the log’s. Logs that it names are trusted, and no others;
   * its quorum must have signed the checkpoint.
   */
  readonly policy?: WitnessPolicy;
}

/**
 * Verifies the text of a bundle's file with nothing but itself: no network, no clock, no trust in
 * its maker beyond the log key. Never throws for a bad file: everything wrong is in the verdict.
 */
export function verifyBundle(text: string, options: VerifyOptions = {}): BundleVerdict {
  const parsed = parseBundle(text);
  if (!parsed.ok) {
    const faults = [fault('bundle.malformed', parsed.error)];
    return {
      ok: false,
      log: undefined,
      witnesses: undefined,
      faults,
      entries: [],
      outside: [],
    };
  }
  const { log, checkpoint, faults: signatureFaults } = openLog(parsed.value, options);
  const witnesses = checkpoint && askWitnesses(parsed.value, options);
  const reading = readAll(parsed.value, checkpoint);
  const entries = [
    ...reading.items.map((_, at) => judge(reading, at)),
    ...judgeErased(reading),
    ...findMissing(reading),
  ].sort((left, right) => (left.index ?? -1) - (right.index ?? -1));
  const faults = [...signatureFaults, ...witnessFaults(witnesses), ...checkManifest(reading)];
  const whole = entries.every(({ state }) => state !== 'missing' && state !== 'tampered');
  const { outside } = parsed.value.manifest;
  return { ok: faults.length === 0 && whole, log, witnesses, faults, entries, outside };
}

/** A bundle, read once, with what the checks look up. */
export interface Reading {
  readonly bundle: EvidenceBundle;
  readonly checkpoint: Checkpoint | undefined;
  readonly items: readonly {
    readonly item: BundleEntry;
    readonly parsed: ReturnType<typeof parseEntry>;
    readonly disclosed: Examined['disclosed'];
    /** Whether an entry before it has the same index or the same id. */
    readonly twin: boolean;
  }[];
  readonly registered: ReadonlyMap<string, RegisteredKey>;
  readonly lines: ReadonlyMap<number, ManifestLine>;
  /** Every id in the bundle → its index. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** The entry by which the log recorded this very export and the digest of its contents. */
  readonly exported: BundleEntry | undefined;
  /** What the erasures that are in the signed tree explain. */
  readonly erasures: ErasureRecord;
}

function readAll(bundle: EvidenceBundle, checkpoint: Checkpoint | undefined): Reading {
  const digest = manifestDigest(bundle.manifest);
  const indexOf = new Map<string, number>();
  const indexes = new Set<number>();
  const registered = new Map<string, RegisteredKey>();
  let exported: BundleEntry | undefined;
  const items = bundle.entries.map((item) => {
    const parsed = parseEntry(item.leaf);
    const id = parsed.ok ? parsed.value.id : undefined;
    const twin = indexes.has(item.index) || (id !== undefined && indexOf.has(id));
    indexes.add(item.index);
    if (id !== undefined && !twin) indexOf.set(id, item.index);
    if (parsed.ok && recordsExport(parsed.value, bundle, digest)) exported ??= item;
    const disclosed = openDisclosures(item);
    const key = parsed.ok ? readRegistration(parsed.value, item.index, disclosed) : undefined;
    const authenticatorId = parsed.ok ? parsed.value.refs['authenticatorId'] : undefined;
    if (key && authenticatorId !== undefined) registered.set(authenticatorId, key);
    return { item, parsed, disclosed, twin };
  });
  const lines = new Map(bundle.manifest.entries.map((line) => [line.index, line]));
  const erasures = new ErasureRecord();
  for (const { item, parsed } of items) {
    // An erasure that the signed tree does not hold explains nothing.
    if (parsed.ok && isIncluded(item, leafHash(item.leaf), checkpoint)) {
      erasures.add(parsed.value, item.index);
    }
  }
  return { bundle, checkpoint, items, registered, lines, indexOf, exported, erasures };
}

function recordsExport(entry: EvidenceEntry, bundle: EvidenceBundle, digest: string): boolean {
  return (
    entry.kind === 'evidence.exported' &&
    entry.refs['exportId'] === bundle.exportId &&
    entry.at === bundle.exportedAt &&
    entry.facts['manifestDigest'] === digest
  );
}

function openLog(
  bundle: EvidenceBundle,
  options: VerifyOptions,
): {
  readonly log: LogIdentity | undefined;
  readonly checkpoint: Checkpoint | undefined;
  readonly faults: readonly BundleFault[];
} {
  const key = parseVerifierKey(bundle.verifierKey);
  if (!key) return { log: undefined, checkpoint: undefined, faults: [fault('key.malformed')] };
  const trusted = isTrusted(key.text, options);
  const faults = trusted === false ? [fault('key.untrusted')] : [];
  const checkpoint = openCheckpoint(bundle.checkpoint, key);
  if (!checkpoint) {
    return { log: undefined, checkpoint, faults: [...faults, fault('checkpoint.unsigned')] };
  }
  const log = {
    origin: checkpoint.origin,
    size: checkpoint.size,
    root: bytesToHex(checkpoint.root),
    verifierKey: key.text,
    fingerprint: key.fingerprint,
    trusted,
  };
  return { log, checkpoint, faults };
}

/** The key must be each that the reader named, by itself or in the policy. */
function isTrusted(key: string, { trustedKey, policy }: VerifyOptions): boolean | undefined {
  const named = [
    ...(trustedKey === undefined ? [] : [[trustedKey]]),
    ...(policy && policy.logs.length > 0 ? [policy.logs.map((log) => log.key.text)] : []),
  ];
  return named.length === 0 ? undefined : named.every((keys) => keys.includes(key));
}

function askWitnesses(
  { checkpoint }: EvidenceBundle,
  { policy }: VerifyOptions,
): PolicyVerdict | undefined {
  const note = policy && parseNote(checkpoint);
  return note && judgeWitnesses(note, policy);
}

function witnessFaults(verdict: PolicyVerdict | undefined): readonly BundleFault[] {
  if (!verdict) return [];
  const forged = verdict.witnesses.filter(({ cosigned }) => cosigned.state === 'refused');
  return [
    ...forged.map(({ name }) => fault('witnesses.forged', `‘${name}’`)),
    ...(verdict.isMet ? [] : [fault('witnesses.too-few')]),
  ];
}

function checkManifest({ bundle, exported }: Reading): BundleFault[] {
  const faults = exported ? [] : [fault('manifest.unproved')];
  const { entries } = bundle.manifest;
  const rising = entries.every((line, at) => at === 0 || entries[at - 1]!.index < line.index);
  return rising ? faults : [...faults, fault('manifest.unordered')];
}

function judge(reading: Reading, at: number): EntryVerdict {
  const { item, parsed, disclosed, twin } = reading.items[at]!;
  const faults = twin ? [fault('entry.duplicate')] : [];
  if (!parsed.ok) return verdictOf(item, [...faults, fault('entry.malformed', parsed.error)]);
  const examined: Examined = {
    item,
    entry: parsed.value,
    checkpoint: reading.checkpoint,
    line: reading.lines.get(item.index),
    isExport: item === reading.exported,
    indexOf: reading.indexOf,
    disclosed,
    registered: reading.registered,
  };
  const found = [...faults, ...entryChecks.flatMap((check) => check(examined))];
  return {
    ...verdictOf(item, found, examined),
    ...findErasedFields(examined, reading.erasures),
  };
}

function verdictOf(
  item: BundleEntry,
  faults: readonly BundleFault[],
  examined?: Examined,
): EntryVerdict {
  const { entry, disclosed = [] } = examined ?? {};
  const withheld = entry ? withheldCount(entry, disclosed) : 0;
  const sound = withheld > 0 ? 'redacted' : 'present';
  const shown = disclosed.filter((field) => field !== undefined);
  return {
    index: item.index,
    evidenceId: entry?.id,
    entry,
    state: faults.length > 0 ? 'tampered' : sound,
    disclosed: shown,
    withheldCount: withheld,
    erasedCount: 0,
    erasedBy: undefined,
    assertion: assertionOf(examined, faults),
    faults,
  };
}

/** What is said of the customer's assertion: only where nothing at all is wrong with the entry. */
function assertionOf(
  examined: Examined | undefined,
  faults: readonly BundleFault[],
): EntryVerdict['assertion'] {
  if (!examined || examined.entry.kind !== 'proof.bound' || faults.length > 0) return undefined;
  if (!examined.disclosed.some((field) => field?.name === 'assertion')) return undefined;
  const authenticatorId = examined.entry.refs['authenticatorId'] ?? '';
  return { registeredIndex: examined.registered.get(authenticatorId)?.index };
}

/** What the list of contents or another entry speaks of, and the file does not hold. */
function findMissing({ bundle, items, indexOf }: Reading): EntryVerdict[] {
  const { manifest } = bundle;
  const held = new Set(items.map(({ item }) => item.index));
  const listed = manifest.entries.filter(({ index }) => !held.has(index));
  const known = new Set<string>([
    ...indexOf.keys(),
    ...manifest.outside,
    ...manifest.entries.map(({ id }) => id),
  ]);
  const erased = new Set((bundle.erased ?? []).map(({ idHash }) => idHash));
  const causes = items.flatMap(({ parsed }) => (parsed.ok ? parsed.value.causes : []));
  const unlisted = new Set(
    causes.filter((cause) => !known.has(cause) && !erased.has(erasedIdHash(cause))),
  );
  return [
    ...listed.map((line) => missing(line, fault('entry.missing'))),
    ...[...unlisted].map((id) => missing({ id }, fault('cause.missing'))),
  ];
}

function missing(line: Partial<ManifestLine>, because: BundleFault): EntryVerdict {
  return {
    index: line.index,
    evidenceId: line.id,
    entry: undefined,
    state: 'missing',
    disclosed: [],
    withheldCount: 0,
    erasedCount: 0,
    erasedBy: undefined,
    assertion: undefined,
    faults: [because],
  };
}
