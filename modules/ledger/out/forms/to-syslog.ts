import { parseEntry, type FeedItem } from '@proofline/evidence';
import { bytesToBase64url } from '@proofline/kernel';
import { isKnownKind } from './known-kind.ts';
import { kindClasses } from './ocsf/kind-classes.ts';

/** The number that RFC 5612 sets aside for documents: whoever has one of their own sets it. */
export const DOCUMENTATION_ENTERPRISE = 32473;

/** Facility 13, log audit (RFC 5424 §6.2.1). */
const FACILITY = 13;
/** OCSF’s severities as syslog’s: informational, notice, warning, error. */
const SEVERITIES = { 1: 6, 2: 5, 3: 4, 4: 3 } as const;
const BOM = '\uFEFF';
const HOSTNAME_MAX = 255;
const MSGID_MAX = 32;
const NIL = '-';

/** What can be searched for without reading the message. */
const REFS = ['interactionId', 'caseId', 'sessionId', 'decisionId', 'applicationId', 'approvalId'];
const ROLES = ['actor', 'agent', 'customer', 'service'];
const FACTS = ['action', 'effect', 'outcome', 'because'];

/**
 * An item of the feed as a message of RFC 5424: index and leaf hash in its structured data, the leaf byte
 * for byte as its text, behind the BOM that says that it is UTF-8. It may have line breaks (a checkpoint
 * has): the transport counts octets.
 */
export function toSyslog(item: FeedItem, enterprise = DOCUMENTATION_ENTERPRISE): string {
  const { severity, at, msgId, params, text } = describe(item);
  const priority = FACILITY * 8 + severity;
  const host = printable(item.origin.split('/')[0] ?? '', HOSTNAME_MAX);
  const elements = Object.entries(params).map(([name, value]) => ` ${name}="${escape(value)}"`);
  const data = `[proofline@${enterprise}${elements.join('')}]`;
  const message = text === '' ? '' : ` ${BOM}${text}`;
  return `<${priority}>1 ${at} ${host} proofline ${NIL} ${printable(msgId, MSGID_MAX)} ${data}${message}`;
}

interface Described {
  readonly severity: number;
  readonly at: string;
  readonly msgId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly text: string;
}

function describe(item: FeedItem): Described {
  const about = { severity: 6, at: NIL, msgId: item.type, text: '' };
  const { origin: log, type: record } = item;
  if (item.type === 'checkpoint') {
    const params = { record, log, size: String(item.size), key: item.verifierKey };
    return { ...about, params, text: item.checkpoint };
  }
  const place = { record, log, index: String(item.index) };
  if (item.type === 'start') {
    return { ...about, params: { ...place, peaks: item.peaks.map(bytesToBase64url).join(' ') } };
  }
  const params = { ...place, leafHash: bytesToBase64url(item.leafHash) };
  if (item.type === 'erased') return { ...about, params: { ...params, idHash: item.idHash } };
  if (item.type !== 'entry') return { ...about, params };
  const parsed = parseEntry(item.leaf);
  if (!parsed.ok) return { ...about, params, text: item.leaf };
  const { at, facts, id, kind, refs, subjects } = parsed.value;
  return {
    severity: isKnownKind(kind) ? SEVERITIES[kindClasses[kind].severity] : 6,
    at,
    msgId: kind,
    params: { ...params, id, ...pick(refs, REFS), ...pick(subjects, ROLES), ...pick(facts, FACTS) },
    text: item.leaf,
  };
}

function pick(
  members: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, string> {
  const found = names.map((name) => [name, members[name]] as const);
  return Object.fromEntries(
    found.filter((pair): pair is readonly [string, string] => typeof pair[1] === 'string'),
  );
}

/** PRINTUSASCII (RFC 5424 §6): what may stand in a field of the header; `-` where nothing is left. */
function printable(text: string, max: number): string {
  return text.replaceAll(/[^\x21-\x7e]/g, '').slice(0, max) || NIL;
}

/** A parameter’s value (RFC 5424 §6.3.3). No line may be broken here, whatever the value holds. */
function escape(value: string): string {
  return value.replaceAll(/["\\\]]/g, String.raw`\$&`).replaceAll(/\p{Cc}/gu, ' ');
}
