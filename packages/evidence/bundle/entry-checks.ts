import { bytesToBase64url, type Json, type JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { findAssertionFault, readAssertion } from '../assertion/customer-assertion.ts';
import { openDisclosure, type DisclosedField } from '../disclosure.ts';
import type { EvidenceEntry } from '../entry.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { leafHash } from '../tree/hash.ts';
import type { BundleEntry, ManifestLine } from './bundle.ts';
import { isIncluded } from './erased-checks.ts';
import { fault, type BundleFault } from './verdict.ts';

/** An entry of the bundle with what the checks may look at. */
export interface Examined {
  readonly item: BundleEntry;
  readonly entry: EvidenceEntry;
  readonly checkpoint: Checkpoint | undefined;
  readonly line: ManifestLine | undefined;
  /** Whether it is the entry of this export itself, which no list can hold. */
  readonly isExport: boolean;
  /** Every id in the bundle → its index. */
  readonly indexOf: ReadonlyMap<string, number>;
  readonly disclosed: readonly (DisclosedField | undefined)[];
  /** Authenticator id → the credential that its registration in this bundle discloses. */
  readonly registered: ReadonlyMap<string, RegisteredKey>;
}

/** A passkey as the entry of its registration has it. */
export interface RegisteredKey {
  /** Index of the entry. */
  readonly index: number;
  readonly credentialId: Json | undefined;
  readonly publicKey: Json | undefined;
}

/** The checks of one entry, in order. Each answers what is wrong. */
export const entryChecks: readonly ((examined: Examined) => readonly BundleFault[])[] = [
  checkListed,
  checkIncluded,
  checkCauses,
  checkDisclosures,
  checkAssertion,
];

function checkListed({ item, entry, line, isExport }: Examined): readonly BundleFault[] {
  if (isExport) return [];
  if (!line) return [fault('entry.unlisted')];
  const hash = bytesToBase64url(leafHash(item.leaf));
  return line.leafHash === hash && line.id === entry.id ? [] : [fault('entry.altered')];
}

function checkIncluded({ item, checkpoint }: Examined): readonly BundleFault[] {
  const included = isIncluded(item, leafHash(item.leaf), checkpoint);
  return included ? [] : [fault('entry.not-included')];
}

function checkCauses({ item, entry, indexOf }: Examined): readonly BundleFault[] {
  return entry.causes
    .filter((cause) => (indexOf.get(cause) ?? -1) >= item.index)
    .map((cause) => fault('cause.later', cause));
}

function checkDisclosures({ entry, disclosed }: Examined): readonly BundleFault[] {
  const faults: BundleFault[] = [];
  const seen = new Set<string>();
  for (const field of disclosed) {
    const group = entry._sd.find(({ digests }) => field && digests.includes(field.digest));
    if (!field) faults.push(fault('disclosure.malformed'));
    else if (!group) faults.push(fault('disclosure.foreign'));
    else {
      // A name may stand once per data subject and retention (RFC 9901 §7.1, step 3.c.ii).
      const key = `${group.subject} ${group.retention} ${field.name}`;
      if (seen.has(key)) faults.push(fault('disclosure.duplicate', `‘${field.name}’`));
      seen.add(key);
    }
  }
  return faults;
}

function checkAssertion({ entry, disclosed, registered }: Examined): readonly BundleFault[] {
  if (entry.kind !== 'proof.bound') return [];
  const field = disclosed.find((one) => one?.name === 'assertion');
  // A withheld assertion is a withheld field; one that was never recorded proves nothing.
  if (!field) return withheldCount(entry, disclosed) > 0 ? [] : [fault('assertion.absent')];
  const assertion = readAssertion(field.value);
  if (!assertion) return [fault('assertion.refused', 'it has not the members that it must have')];
  const wrong = findAssertionFault(assertion);
  if (wrong) return [fault('assertion.refused', wrong)];
  if (entry.facts['contextDigest'] !== sha256Base64url(assertion.context)) {
    return [fault('assertion.foreign', 'the entry names another context')];
  }
  const key = registered.get(entry.refs['authenticatorId'] ?? '');
  const isRegistered =
    key === undefined ||
    (key.credentialId === assertion.credentialId && key.publicKey === assertion.publicKey);
  return [
    ...contextFaults(assertion.context, entry),
    ...(isRegistered
      ? []
      : [fault('assertion.foreign', `entry ${key.index} registered another passkey`)]),
  ];
}

/** What was signed must name the same call, case and request as the entry. */
function contextFaults(text: string, entry: EvidenceEntry): readonly BundleFault[] {
  // `findAssertionFault` has found it to be a canonical JSON object.
  const context = JSON.parse(text) as Record<string, Json>;
  return ['interactionId', 'caseId', 'proofRequestId']
    .filter((name) => entry.refs[name] !== undefined && entry.refs[name] !== context[name])
    .map((name) => fault('assertion.foreign', `the entry has another ${name}`));
}

/** How many personal fields of an entry the bundle does not show. */
export function withheldCount(
  entry: EvidenceEntry,
  disclosed: readonly (DisclosedField | undefined)[],
): number {
  const shown = new Set(disclosed.map((field) => field?.digest));
  return entry._sd.flatMap(({ digests }) => digests).filter((digest) => !shown.has(digest)).length;
}

/** The passkey whose registration an entry discloses. */
export function readRegistration(
  entry: EvidenceEntry,
  index: number,
  disclosed: readonly (DisclosedField | undefined)[],
): RegisteredKey | undefined {
  if (entry.kind !== 'authenticator.registered') return undefined;
  const digests = new Set(entry._sd.flatMap((group) => group.digests));
  const field = disclosed.find((one) => one?.name === 'credential' && digests.has(one.digest));
  const value = field?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Neither null nor a list: a JSON object.
  const { credentialId, publicKey } = value as JsonObject;
  return { index, credentialId, publicKey };
}

/** The disclosures of an entry, opened; `undefined` where one is malformed. */
export function openDisclosures(item: BundleEntry): readonly (DisclosedField | undefined)[] {
  return item.disclosures.map(openDisclosure);
}
