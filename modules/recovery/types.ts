import type {
  AttestationPolicy,
  RegisteredCredential,
  StoredCredential,
} from '@proofline/assurance';
import type { Contact, Messages } from '@proofline/customers';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceProver, EvidenceWriter } from '@proofline/ledger';
import type { Acr, Realm } from '@proofline/protocol';
import type { Db, Storage } from '@proofline/storage';
import type { Colleague } from '@proofline/workforce';
import type { Standing, SubjectId } from './domain/subjects.ts';
import type { WaitRule } from './domain/wait-rule.ts';

/** A passkey of somebody, as this room may see it. */
export interface Passkey extends StoredCredential {
  readonly authenticatorId: Id<'ath'>;
  /** The entry of its registration. */
  readonly evidenceId: Id<'evt'>;
  /** It counts as no more than this. */
  readonly atMost: Acr | undefined;
}

/** Somebody of a realm. */
export interface Person {
  readonly subjectId: SubjectId;
  readonly displayName: string;
  /** Where they work; none of a customer. */
  readonly desk: string;
  readonly roles: readonly Standing[];
  readonly active: boolean;
  /** The account was recovered, and counts for less until then (ISO 8601). */
  readonly recoveredUntil?: string;
}

/** For whom a passkey is made. */
interface PasskeyUser {
  readonly handle: string;
  readonly displayName: string;
  readonly isBroughtAlong: boolean;
}

/** The new passkey of a subject whose recovery is complete. */
interface RecoveredAccount {
  readonly subjectId: SubjectId;
  readonly recoveryId: Id<'rcv'>;
  readonly authenticatorId: Id<'ath'>;
  readonly credential: RegisteredCredential;
  readonly evidenceId: Id<'evt'>;
  readonly cappedUntil: Date;
}

/**
 * Who there is in a realm, their passkeys and where they are told: lent by the room whose people they are.
 * Methods, so that a room may ask for its own kind of id: an id of another kind is found by none.
 */
export interface RealmPeople {
  find(db: Db, subjectId: SubjectId): Promise<Person | undefined>;
  /** By the number that a person knows of themselves. */
  findByNumber(db: Db, number: string): Promise<Person | undefined>;
  channelsOf(db: Db, subjectId: SubjectId): Promise<readonly Contact[]>;
  listOf(db: Db, subjectId: SubjectId): Promise<readonly Passkey[]>;
  userOf(db: Db, subjectId: SubjectId): Promise<PasskeyUser | undefined>;
  /** False when the same counter was used meanwhile. */
  noteUse(
    tx: Db,
    passkey: Passkey,
    use: {
      readonly counter: number;
      readonly backedUp: boolean;
      readonly acr: Acr;
      readonly at: Date;
    },
  ): Promise<boolean>;
  /** The last step; answers what is to be called after the commit, `undefined` for a known credential. */
  recoverAccount(tx: Db, recovered: RecoveredAccount): Promise<(() => void) | undefined>;
}

/** One realm: whose people, and on which pages. */
export interface RealmDeps {
  /** Scheme, host and port of its pages, without a slash at the end. */
  readonly origin: string;
  readonly rpId: string;
  readonly people: RealmPeople;
}

/** A recovery moved on: for the screens of its subject, and of the contacts who are asked. */
export interface RecoveryEvent {
  readonly type: 'recovery.changed';
  readonly recoveryId: Id<'rcv'>;
  readonly forSubjects: readonly SubjectId[];
}

/** What the module needs from outside. */
export interface RecoveryDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter & EvidenceProver;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  readonly companyName: string;
  readonly attestationPolicy: AttestationPolicy;
  readonly realms: Readonly<Record<Realm, RealmDeps>>;
  /** Everybody who works here, to choose contacts from. */
  readonly listColleagues: () => Promise<readonly Colleague[]>;
  /** @throws Error at the start, when the wait is under 24 h and nothing says that it is a show. */
  readonly wait: WaitRule;
  readonly messages: Messages;
  /** Called after the commit. Must not throw. */
  readonly notify: (event: RecoveryEvent) => void;
}
