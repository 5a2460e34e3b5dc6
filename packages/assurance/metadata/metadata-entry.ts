import type { ModelMetadata } from '../types.ts';

interface ModelEntry {
  readonly aaguid: string;
  readonly metadata: ModelMetadata;
}

const AAGUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const STATUS = /^[A-Za-z0-9_]{1,64}$/;
const ROOTS_MAX = 100;
const REPORTS_MAX = 500;
const DESCRIPTION_MAX = 200;

// MDS3 §3.1.4, FIDO registry §3.2: keys of these kinds cannot be read out by software.
const hardware: readonly string[] = ['hardware', 'secure_element'];

/**
 * One entry of a blob (MDS3 §3.1.1). Only entries of FIDO2 authenticators have an `aaguid`; the others
 * are none of ours. A single malformed entry spoils the blob: half a list would forget a revocation.
 */
export function readMetadataEntry(
  entry: unknown,
  nowMs: number,
): ModelEntry | 'other-protocol' | 'malformed' {
  if (!isRecord(entry)) return 'malformed';
  const { aaguid, metadataStatement: statement = {}, statusReports } = entry;
  if (aaguid === undefined) return 'other-protocol';
  if (typeof aaguid !== 'string' || !AAGUID.test(aaguid)) return 'malformed';
  const statuses = readStatuses(statusReports, nowMs);
  const authorities = isRecord(statement) ? readRoots(statement) : undefined;
  if (!isRecord(statement) || statuses === undefined || authorities === undefined) {
    return 'malformed';
  }
  const { description, keyProtection } = statement;
  return {
    aaguid,
    metadata: {
      description: typeof description === 'string' ? description.slice(0, DESCRIPTION_MAX) : '',
      authorities,
      statuses,
      keyInHardware: Array.isArray(keyProtection)
        ? keyProtection.some((word) => hardware.includes(String(word)))
        : undefined,
    },
  };
}

/**
 * The words of the status reports. One that praises counts from its date on; one that blames counts
 * whenever it says to be effective, and for every version: which one somebody holds is not known.
 */
function readStatuses(reports: unknown, nowMs: number): string[] | undefined {
  if (!Array.isArray(reports) || reports.length > REPORTS_MAX) return undefined;
  const statuses: string[] = [];
  for (const report of reports) {
    if (!isRecord(report)) return undefined;
    const { effectiveDate, status } = report;
    if (typeof status !== 'string' || !STATUS.test(status)) return undefined;
    const fromMs = typeof effectiveDate === 'string' ? Date.parse(effectiveDate) : 0;
    // An unreadable date is not yet reached.
    const isReached = fromMs <= nowMs;
    if (isReached || !/CERTIFIED/.test(status) || status === 'NOT_FIDO_CERTIFIED') {
      statuses.push(status);
    }
  }
  return statuses;
}

function readRoots({ attestationRootCertificates: roots }: Record<string, unknown>) {
  if (roots === undefined) return [];
  if (!Array.isArray(roots) || roots.length > ROOTS_MAX) return undefined;
  const texts = roots.filter((root): root is string => typeof root === 'string');
  if (texts.length !== roots.length) return undefined;
  return texts.map((text) => {
    const lines = text.replaceAll(/\s/g, '').match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
