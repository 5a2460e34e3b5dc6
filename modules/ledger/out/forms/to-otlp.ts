import { parseEntry, type FeedItem } from '@proofline/evidence';
import { bytesToBase64url, type JsonObject } from '@proofline/kernel';
import { isKnownKind } from './known-kind.ts';
import { kindClasses } from './ocsf/kind-classes.ts';

/** OpenTelemetry’s severities for OCSF’s: INFO, INFO2, WARN, ERROR. */
const SEVERITIES = {
  1: { number: 9, text: 'INFO' },
  2: { number: 10, text: 'INFO2' },
  3: { number: 13, text: 'WARN' },
  4: { number: 17, text: 'ERROR' },
} as const;

/**
 * Items of the feed as one ExportLogsServiceRequest of OTLP in its JSON mapping: whole numbers of 64 bits
 * are texts, member names in lowerCamelCase. The body of a record is the leaf byte for byte.
 */
export function toOtlp(items: readonly FeedItem[]): JsonObject {
  const origin = items[0]?.origin ?? '';
  return {
    resourceLogs: [
      {
        resource: {
          attributes: attributesOf({ 'service.name': 'proofline', 'proofline.log': origin }),
        },
        scopeLogs: [{ scope: { name: 'proofline.evidence' }, logRecords: items.map(recordOf) }],
      },
    ],
  };
}

function recordOf(item: FeedItem): JsonObject {
  const record = 'proofline.record';
  const info = { severityNumber: SEVERITIES[1].number, severityText: SEVERITIES[1].text };
  if (item.type === 'checkpoint') {
    const attributes = { [record]: item.type, 'proofline.size': item.size };
    return {
      ...info,
      body: { stringValue: item.checkpoint },
      attributes: attributesOf({ ...attributes, 'proofline.verifier_key': item.verifierKey }),
    };
  }
  const place = { [record]: item.type, 'proofline.index': item.index };
  if (item.type === 'start') {
    const peaks = item.peaks.map(bytesToBase64url).join(' ');
    return { ...info, attributes: attributesOf({ ...place, 'proofline.peaks': peaks }) };
  }
  const known = { ...place, 'proofline.leaf_hash': bytesToBase64url(item.leafHash) };
  if (item.type === 'erased') {
    return { ...info, attributes: attributesOf({ ...known, 'proofline.id_hash': item.idHash }) };
  }
  if (item.type !== 'entry') return { ...info, attributes: attributesOf(known) };
  const body = { stringValue: item.leaf };
  const parsed = parseEntry(item.leaf);
  if (!parsed.ok) return { ...info, body, attributes: attributesOf(known) };
  const { at, id, kind, refs, subjects } = parsed.value;
  const severity = SEVERITIES[isKnownKind(kind) ? kindClasses[kind].severity : 1];
  return {
    timeUnixNano: `${Date.parse(at)}000000`,
    observedTimeUnixNano: `${Date.parse(at)}000000`,
    severityNumber: severity.number,
    severityText: severity.text,
    eventName: kind,
    body,
    attributes: attributesOf({
      ...known,
      'proofline.evidence_id': id,
      ...named('proofline.ref.', refs),
      ...named('proofline.subject.', subjects),
    }),
  };
}

function named(prefix: string, members: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [`${prefix}${name}`, value]),
  );
}

function attributesOf(members: Readonly<Record<string, string | number>>): JsonObject[] {
  return Object.entries(members).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}
