import type { DisclosedField } from '../disclosure.ts';
import type { EvidenceEntry } from '../entry.ts';
import type { PolicyVerdict } from '../policy/judge-checkpoint.ts';

/** Everything that can be wrong with a bundle: code → what it means. */
export const bundleFaults = {
  'bundle.malformed': 'The file is not an evidence bundle.',
  'key.malformed': 'The verifier key is malformed.',
  'key.untrusted': 'The log key of this file is not the one that you trust.',
  'witnesses.forged': 'A line under the checkpoint names a witness who did not write it.',
  'witnesses.too-few':
    'Fewer witnesses have signed the checkpoint than the policy that you named asks for.',
  'checkpoint.unsigned': 'The checkpoint is malformed or not signed by the log key.',
  'manifest.unordered': 'The list of contents is not in rising order.',
  'manifest.unproved': 'The list of contents is not the one that the log recorded for this export.',
  'entry.missing': 'The entry is listed in this export but not in the file.',
  'entry.unlisted': 'The entry is not in the list of contents.',
  'entry.duplicate': 'The entry stands in the file twice.',
  'entry.malformed': 'The entry is not a well-formed evidence entry.',
  'entry.altered': 'The entry’s text is not the one that was logged.',
  'entry.not-included': 'The signed tree does not hold this entry at this place.',
  'erasure.unexplained': 'The entry is gone, and no erasure in this file says why.',
  'cause.missing':
    'An entry names it as its cause, but it is neither in the file nor named as outside.',
  'cause.later': 'The entry names a cause that was logged after it.',
  'disclosure.malformed': 'A disclosure is malformed.',
  'disclosure.foreign': 'A disclosure does not belong to this entry.',
  'disclosure.duplicate': 'A personal field is disclosed twice.',
  'assertion.absent': 'The entry holds no customer’s assertion.',
  'assertion.refused': 'The customer’s assertion does not verify.',
  'assertion.foreign': 'The customer’s assertion was made for something else.',
} as const;

/** The codes of {@link bundleFaults}. */
export type BundleFaultCode = keyof typeof bundleFaults;

/** One thing that is wrong, and where exactly. */
export interface BundleFault {
  readonly code: BundleFaultCode;
  /** A sentence; holds no personal data. */
  readonly text: string;
}

/** A fault with the catalogue's sentence and, if need be, what exactly. */
export function fault(code: BundleFaultCode, detail?: string): BundleFault {
  const text = bundleFaults[code];
  return { code, text: detail ? `${text.replace(/\.$/, '')}: ${detail}.` : text };
}

/**
 * `present`: in the signed tree, every personal field disclosed. `redacted`: in the signed tree,
 * some personal fields withheld or erased. `erased`, `pruned`: its place is in the signed tree, its bytes
 * were taken by an entry of this log. `pruned` is said of the place alone: a prune names no ids, so that it
 * was this very cause which stood there, and nothing that had to stay, only the whole log shows. `missing`: it
 * should be here and is not. `tampered`: see its faults.
 */
export type EntryState = 'present' | 'redacted' | 'erased' | 'pruned' | 'missing' | 'tampered';

/** What is known of one entry of a bundle. */
export interface EntryVerdict {
  /** Absent only for a missing cause of which nothing but its id is known. */
  readonly index: number | undefined;
  readonly evidenceId: string | undefined;
  readonly entry: EvidenceEntry | undefined;
  readonly state: EntryState;
  readonly disclosed: readonly DisclosedField[];
  /** Personal fields that the file does not show. */
  readonly withheldCount: number;
  /** How many of these were erased, as an entry of this file says. */
  readonly erasedCount: number;
  /** Index of the entry by which this one, or fields of it, were erased; of several the first. */
  readonly erasedBy: number | undefined;
  /**
   * Set when the customer's passkey signature was verified again; with the index of the entry that
   * registered this very passkey, when the file holds it.
   */
  readonly assertion: { readonly registeredIndex: number | undefined } | undefined;
  readonly faults: readonly BundleFault[];
}

/** The log that a bundle's checkpoint speaks for. */
export interface LogIdentity {
  readonly origin: string;
  readonly size: number;
  /** The root in hex. */
  readonly root: string;
  readonly verifierKey: string;
  readonly fingerprint: string;
  /** Whether the key is the one that the reader said to trust; `undefined` when they named none. */
  readonly trusted: boolean | undefined;
}

/** The outcome of {@link verifyBundle}. */
export interface BundleVerdict {
  /** True only when nothing at all is wrong. */
  readonly ok: boolean;
  readonly log: LogIdentity | undefined;
  /** What the witnesses of the reader’s policy say; `undefined` when they named none. */
  readonly witnesses: PolicyVerdict | undefined;
  /** What is wrong with the file as a whole. */
  readonly faults: readonly BundleFault[];
  readonly entries: readonly EntryVerdict[];
  /** Causes that the export names and does not contain. */
  readonly outside: readonly string[];
}
