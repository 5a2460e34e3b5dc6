import { parseEntry, type EvidenceEntry, type FeedItem } from '@proofline/evidence';
import { bytesToBase64url, bytesToHex, canonicalJson, type JsonObject } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';
import { evidenceKinds } from '@proofline/protocol';
import { isKnownKind } from '../known-kind.ts';
import { kindClasses, ocsfClasses, type KindRow, type OcsfClass } from './kind-classes.ts';
import { membersOf } from './members-of.ts';

/** The schema that the events are of. */
export const OCSF_VERSION = '1.9.0';

/** An event of OCSF, as JSON. */
export type OcsfEvent = JsonObject;

const BASE: KindRow = { as: 'base', activity: 99, failed: false, severity: 1 };
/** OCSF: another algorithm than those that it numbers. The leaf hash has a prefix, RFC 6962 §2.1. */
const OTHER_ALGORITHM = 99;

/**
 * An item of the feed as an event of OCSF 1.9.0 with its profile record_integrity. All that is in the log
 * in clear, and nothing else; `raw_data` is the leaf byte for byte, and `metadata.sequence` its index.
 */
export function toOcsf(item: FeedItem): OcsfEvent {
  return attest(item, bare(item));
}

function bare(item: FeedItem): OcsfEvent {
  if (item.type === 'entry') {
    const parsed = parseEntry(item.leaf);
    // The log holds nothing else; were it otherwise, the leaf still goes out, to be looked at.
    return parsed.ok ? eventOf(item, parsed.value) : unreadable(item);
  }
  if (item.type === 'checkpoint') {
    return {
      ...classified('base', BASE, SENTENCES.checkpoint),
      time: 0,
      metadata: metadataOf(item.origin, { sequence: item.size, event_code: 'checkpoint' }),
      raw_data: item.checkpoint,
      unmapped: { feed_record: 'checkpoint', verifier_key: item.verifierKey },
    };
  }
  const { index, origin, type } = item;
  const about = {
    ...classified('base', BASE, SENTENCES[type]),
    time: 0,
    metadata: metadataOf(origin, { sequence: index, event_code: type }),
  };
  if (item.type === 'start') {
    const peaks = item.peaks.map(bytesToBase64url);
    return { ...about, unmapped: { feed_record: type, peaks } };
  }
  const erased = item.type === 'erased' && { id_hash: item.idHash };
  const unmapped = { feed_record: type, ...erased };
  return { ...about, raw_data_hash: leafHashOf(item), unmapped };
}

const SENTENCES = {
  checkpoint: 'The log’s signed checkpoint, of every entry before it',
  start: 'This feed begins here; the hashes of what came before',
  erased: 'An entry that was erased; its hash remains',
  'passed-over': 'An entry of a kind that this receiver was not set to; its hash',
} as const;

type Entry = Extract<FeedItem, { readonly type: 'entry' }>;

function eventOf(item: Entry, entry: EvidenceEntry): OcsfEvent {
  const row = isKnownKind(entry.kind) ? kindClasses[entry.kind] : BASE;
  const members = membersOf(row, entry, item.origin);
  const meaning = isKnownKind(entry.kind) ? evidenceKinds[entry.kind] : entry.kind;
  const { interactionId, caseId } = entry.refs;
  const correlation = interactionId ?? caseId;
  return {
    // What lacks that which its class requires is told as what it is: an event of no class.
    ...(members
      ? classified(row.as, { ...row, ...members.outcome }, meaning)
      : classified('base', { ...BASE, failed: row.failed, severity: row.severity }, meaning)),
    ...members?.members,
    time: Date.parse(entry.at),
    metadata: metadataOf(item.origin, {
      sequence: item.index,
      event_code: entry.kind,
      uid: entry.id,
      original_event_uid: entry.id,
      original_time: entry.at,
      ...(correlation !== undefined && { correlation_uid: correlation }),
    }),
    raw_data: item.leaf,
    raw_data_hash: leafHashOf(item),
    unmapped: {
      feed_record: 'entry',
      causes: [...entry.causes],
      refs: { ...entry.refs },
      subjects: { ...entry.subjects },
      facts: entry.facts,
    },
  };
}

function unreadable(item: Entry): OcsfEvent {
  return {
    ...classified('base', { ...BASE, severity: 4 }, 'An entry that is not well-formed'),
    time: 0,
    metadata: metadataOf(item.origin, { sequence: item.index, event_code: 'unknown' }),
    raw_data: item.leaf,
    raw_data_hash: leafHashOf(item),
    unmapped: { feed_record: 'entry' },
  };
}

function classified(
  as: OcsfClass,
  row: Pick<KindRow, 'activity' | 'failed' | 'severity'>,
  message: string,
): OcsfEvent {
  const { categoryUid, classUid, caption } = ocsfClasses[as];
  const activity = as === 'base' ? 99 : row.activity;
  // In a finding, the status is how far it has been looked into: 1 is new.
  const status = as === 'finding' ? 1 : row.failed ? 2 : 1;
  return {
    category_uid: categoryUid,
    class_uid: classUid,
    class_name: caption,
    activity_id: activity,
    ...(activity === 99 && { activity_name: message }),
    type_uid: classUid * 100 + activity,
    severity_id: row.severity,
    status_id: status,
    message,
  };
}

function metadataOf(origin: string, more: JsonObject): JsonObject {
  return {
    version: OCSF_VERSION,
    product: { name: 'Proofline', vendor_name: 'Proofline' },
    log_name: origin,
    log_provider: 'Proofline',
    profiles: ['record_integrity'],
    ...more,
  };
}

function leafHashOf({ leafHash }: { readonly leafHash: Uint8Array }): JsonObject {
  const algorithm = 'RFC 6962 leaf hash (SHA-256)';
  return { algorithm_id: OTHER_ALGORITHM, algorithm, value: bytesToHex(leafHash) };
}

/**
 * The attestation of record_integrity speaks of the event itself, in canonical form (RFC 8785) with the
 * attestation in it and its fingerprint not. What the log signs is in `raw_data`, under its checkpoints.
 */
function attest(item: FeedItem, event: OcsfEvent): OcsfEvent {
  const place = item.type === 'checkpoint' ? `checkpoint/${item.size}` : String(item.index);
  const attestation = { uid: place, chain_uid: item.origin, authority_uid: item.origin };
  const bytes = Buffer.from(canonicalJson({ ...event, attestation_list: [attestation] }));
  const fingerprint = { algorithm_id: 3, encoding_id: 1, value: bytesToHex(sha256(bytes)) };
  return { ...event, attestation_list: [{ ...attestation, fingerprint }] };
}
