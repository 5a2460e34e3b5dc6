import type { Id, JsonObject } from '@proofline/kernel';
import type { EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';

/** How long a personal field must be kept: the class of its key. */
export type RetentionClass = 'identity' | 'case' | 'access';

/** Personal fields about one data subject: in the log only as salted digests. */
export interface PersonalFields {
  /** Whose data it is: `stf_…` or `cus_…`. */
  readonly subject: string;
  readonly retention: RetentionClass;
  readonly fields: JsonObject;
}

/** What a module says that happened. Nothing personal outside of `personal` and `subjects`. */
export interface EvidenceDraft {
  readonly kind: EvidenceKind;
  /** Entries that led to this one. */
  readonly causes?: readonly Id<'evt'>[];
  /** Ids of things, searchable: `{ interactionId, caseId, sessionId, proofId, grantId, … }`. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Role → subject id (`{ actor: 'stf_…', customer: 'cus_…' }`); logged as random pseudonyms. */
  readonly subjects?: Readonly<Record<string, string>>;
  /** In clear in the log. */
  readonly facts?: JsonObject;
  readonly personal?: readonly PersonalFields[];
}

/** The part of the ledger that every other module uses. */
export interface EvidenceWriter {
  /** Writes an entry into the outbox, in the caller's transaction: both commit or neither (P3). */
  record(tx: Db, draft: EvidenceDraft): Promise<Id<'evt'>>;
  /**
   * Resolves once the entry is under a signed checkpoint.
   * @throws ProblemError `evidence.unavailable` after the time limit: the caller must not answer.
   */
  durable(evidenceId: Id<'evt'>): Promise<{ readonly index: number }>;
}
