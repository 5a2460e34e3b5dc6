import type { Hash } from '@proofline/evidence';
import type { Clock, Id, JsonObject, Random } from '@proofline/kernel';
import type { Decision, EvidenceKind, MountedRoute } from '@proofline/protocol';
import type { Db, Insert, Storage } from '@proofline/storage';
import type { CheckProgress } from './commands/check-ledger.ts';
import type { Fsck } from './commands/fsck.ts';
import type { SelfCheckHealth } from './self-check/create-self-check.ts';
import type { WitnessDeps, WitnessesHealth } from './witnesses/types.ts';
import type { ErasureJournal } from './erasure/erasure-journal.ts';
import type { Erasures } from './erasure/erasures.ts';
import type { Receiver, Receivers } from './out/receiver.ts';

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

/** For whoever tells of many things at once. */
export interface EvidenceListWriter {
  /** {@link EvidenceWriter.record} of each, in few statements. Ids in the order of the drafts. */
  recordAll(tx: Db, drafts: readonly EvidenceDraft[]): Promise<readonly Id<'evt'>[]>;
  /**
   * The same as rows that the caller writes with its own, all or none of them
   * (`storage.insertAll`): no transaction is needed as long as every subject has been recorded before.
   * `undefined` where one has not, or not lately: then {@link recordAll} it is.
   */
  sealAll(drafts: readonly EvidenceDraft[]): SealedDrafts | undefined;
}

/** That an entry is in the log, to be kept: `writeTlogProof` of packages/evidence spells it. */
export interface Receipt {
  readonly evidenceId: string;
  readonly index: number;
  readonly leafHash: Hash;
  /** From the leaf’s sibling to the root’s child, in the tree of the checkpoint. */
  readonly proof: readonly Hash[];
  /** The signed checkpoint under which the entry is; it is on the high-water mark. */
  readonly checkpoint: string;
}

/** For whoever must be able to show later that an entry was logged: level `logged`. */
export interface EvidenceReceipts {
  /**
   * As {@link EvidenceWriter.durable}, and with the proof of it.
   *
   * @throws ProblemError `evidence.unavailable` after the time limit
   */
  logged(evidenceId: Id<'evt'>): Promise<Receipt>;
  /**
   * Records what changes nothing besides the log, and answers when it is logged. Many at once share a
   * transaction, and none needs one of its own.
   *
   * @throws ProblemError `evidence.unavailable` after the time limit: the entry may still come into
   * the log, or it may not. `server.busy`: too many wait.
   */
  append(draft: EvidenceDraft): Promise<Receipt>;
}

/** Entries on their way into the outbox. */
export interface SealedDrafts {
  /** In the order of the drafts. */
  readonly ids: readonly Id<'evt'>[];
  readonly inserts: readonly Insert[];
}

/** What the log itself says last: for whoever must notice that its own tables were set back. */
export interface EvidenceTail {
  /** The facts of the newest entry in the log that is of one of these kinds, and about that thing. */
  newestFacts(kinds: readonly EvidenceKind[], aboutId?: string): Promise<JsonObject | undefined>;
}

/** An entry of the log, as it was proved to be in it. */
export interface ProvenEntry {
  readonly kind: string;
  readonly refs: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
}

/** For whoever must know that a row of theirs is what was written down when it was made. */
export interface EvidenceProver {
  /** The entry, with its path to the published checkpoint verified; `undefined`: it is not in the log. */
  provenFacts(evidenceId: Id<'evt'>): Promise<ProvenEntry | undefined>;
}

/** For whoever must not go on before somebody else than the operator has seen it. */
export interface EvidenceWitnessing {
  /**
   * Resolves once the entry is under a checkpoint that a quorum of witnesses has signed; with that note.
   * @throws ProblemError `evidence.unwitnessed` after the time limit, or when there are no witnesses.
   */
  witnessed(
    evidenceId: Id<'evt'>,
  ): Promise<{ readonly index: number; readonly checkpoint: string }>;
}

/** The newest signed checkpoint, kept outside of the database and of its backups. */
export interface HighWaterMark {
  /** `undefined`: nothing was ever written. */
  read(): Promise<string | undefined>;
  /** Resolves when it is on the disk for good. */
  write(checkpoint: string): Promise<void>;
}

/** What the ledger is given at composition. */
export interface LedgerDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** The log's name, unique in the world, never changed (C2SP origin): `evidence.example.com/acme`. */
  readonly origin: string;
  /** 32 bytes: the seed of the Ed25519 key that signs checkpoints. */
  readonly signingSeed: Uint8Array;
  /** 32 bytes: seals the keys of personal fields. */
  readonly kek: Uint8Array;
  readonly mark: HighWaterMark;
  /** Who signs the checkpoints at somebody else’s; without it nobody does. */
  readonly witnesses?: WitnessDeps;
  /** Where erasures are written down outside of the database; in memory where none is given. */
  readonly journal?: ErasureJournal;
  /** How long {@link EvidenceWriter.durable} waits. Default 5,000. */
  readonly durableLimitMs?: number;
  /** A text that an auditor types (an account number) → subject id. */
  resolveSubject?(text: string): Promise<string | undefined>;
  /** A name → the ids of the subjects who are called so, not many of them. */
  findSubjects?(name: string): Promise<readonly string[]>;
  /** Subject id → the name to show. */
  nameOf?(subjectId: string): Promise<string | undefined>;
  findDecision?(decisionId: Id<'dec'>): Promise<Decision | undefined>;
  /**
   * Whether a session that was given a pass to the entries may still read evidence. Absent: none may.
   */
  mayStillRead?(reader: {
    readonly readerId: Id<'stf'>;
    readonly sessionId: Id<'ses'>;
  }): Promise<boolean>;
  /** Who is sent the log. */
  readonly receivers?: readonly Receiver[];
  /** Told when the sequencer meets a fault; the argument carries no personal data. */
  onFault?(fault: SequencerFault): void;
}

/** Why the sequencer does not go on (`stopped: true`), or does so later. */
export interface SequencerFault {
  readonly reason: string;
  readonly stopped: boolean;
  readonly error?: unknown;
}

/** How the log stands, for readiness and metrics. */
export interface LedgerHealth {
  readonly state: 'idle' | 'running' | 'stopped' | 'failed';
  /** Entries under the newest published checkpoint. */
  readonly size: number;
  /** Set when failed: one sentence. */
  readonly reason?: string;
  /** Absent where there are none. */
  readonly witnesses?: WitnessesHealth;
  readonly selfCheck: SelfCheckHealth;
}

/** A file of the log as C2SP tlog-tiles has it. */
export interface LogFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** It will never be another one: it may be kept for ever. */
  readonly lasts: boolean;
  /** Of entries: the export under which they were read. */
  readonly exportId?: Id<'exp'>;
}

/** The log for tile clients. */
export interface LogFiles {
  /**
   * `checkpoint`, `tile/…`; `undefined`: there is no such file under the published checkpoint.
   *
   * @throws ProblemError `token.missing` or `token.invalid` for entries without a good pass.
   */
  find(path: string, pass: string | undefined): Promise<LogFile | undefined>;
}

/** The ledger as the composition sees it. */
export interface Ledger
  extends
    EvidenceWriter,
    EvidenceListWriter,
    EvidenceReceipts,
    EvidenceTail,
    EvidenceProver,
    EvidenceWitnessing {
  /**
   * Checks the log against its checkpoint and its high-water mark, then sequences.
   * @throws LedgerStartError when the log was altered or set back: it then signs nothing.
   */
  start(): Promise<void>;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
  health(): LedgerHealth;
  /** Checks every table of the ledger; answers what is wrong, as sentences. */
  check(): Promise<readonly string[]>;
  /** The same and the high-water mark, of a log that was not started. */
  fsck(onProgress?: CheckProgress): Promise<Fsck>;
  /** One round of the check that otherwise goes on slowly while the log runs; {@link health} tells of it. */
  checkItself(): Promise<void>;
  readonly erasures: Erasures;
  readonly routes: readonly MountedRoute[];
  readonly files: LogFiles;
  /** Sends nothing before it is started, by itself. */
  readonly receivers: Receivers;
}
