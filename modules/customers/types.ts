import type { AttestationPolicy, StoredCredential } from '@proofline/assurance';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceWriter } from '@proofline/ledger';
import type {
  CustomerSessions,
  CustomerSignInFlow,
  CustomerSignInRequests,
} from '@proofline/sessions';
import type { Acr } from '@proofline/protocol';
import type { Db, Storage } from '@proofline/storage';

/** Where a customer is reached: what is on file, never what a caller says. */
export interface Contact {
  readonly kind: 'sms' | 'email';
  readonly address: string;
}

/** One message on its way to a contact on file. */
export interface OutgoingMessage {
  /** The same at every attempt, so that the receiver can drop what it has already. */
  readonly messageId: Id<'msg'>;
  readonly to: Contact;
  readonly text: string;
  readonly link: string;
}

/** Whatever carries messages to customers: an SMS gateway, a mail server, the demo's phone. */
export interface Notifier {
  /** Resolves once the carrier has taken the message; rejects otherwise, then it is sent again. */
  send(message: OutgoingMessage): Promise<void>;
}

/** What the module needs from outside. */
export interface CustomersDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** Scheme, host and port of the customers' pages, without a slash at the end. */
  readonly customersOrigin: string;
  /** The customers' RP ID: never the staff's. */
  readonly rpId: string;
  readonly companyName: string;
  readonly attestationPolicy: AttestationPolicy;
  readonly customerSessions: CustomerSessions;
  readonly customerSignInFlow: CustomerSignInFlow;
  readonly customerSignInRequests: CustomerSignInRequests;
  readonly notifier: Notifier;
  /**
   * Ends in the caller's transaction what rests on a passkey that its customer removed: proofs on live
   * calls. Call what it answers after the commit.
   */
  readonly endProofsOn: (
    tx: Db,
    removed: {
      readonly customerId: Id<'cus'>;
      readonly authenticatorId: Id<'ath'>;
      readonly evidenceId: Id<'evt'>;
    },
  ) => Promise<() => void>;
}

/** A customer as a sync from the guarded system brings them. */
export interface CustomerImport {
  /** The guarded system's own number. */
  readonly accountNumber: string;
  readonly name: string;
  /** How the pages greet; the whole name when absent. */
  readonly greetingName?: string;
  readonly contact?: Contact;
}

/** A customer as other modules see them. */
export interface Customer {
  readonly customerId: Id<'cus'>;
  readonly accountNumber: string;
  readonly name: string;
  readonly greetingName: string;
  readonly contact: Contact | undefined;
  /** The account was recovered: until then it counts for less. */
  readonly recoveredUntil: Date | undefined;
}

/** A customer's registered passkey. */
export interface CustomerCredential extends StoredCredential {
  readonly authenticatorId: Id<'ath'>;
  readonly customerId: Id<'cus'>;
  /** The entry `authenticator.registered` or `authenticator.added`. */
  readonly evidenceId: Id<'evt'>;
  readonly registeredAt: Date;
  readonly lastUsedAt: Date | undefined;
  /** What its owner calls it. */
  readonly label: string | undefined;
  /** It counts as no more than this, because one of this level vouched for it. */
  readonly atMost: Acr | undefined;
}

/** What to tell somebody, in the caller's transaction. */
export interface MessageDraft {
  /** Whom it is for: a customer, or a colleague whose room was lent the outbox. */
  readonly recipientId: Id<'cus'> | Id<'stf'>;
  readonly to: Contact;
  /** One or two sentences; nothing secret, nothing about the case. */
  readonly text: string;
  readonly link: string;
  /** After this nothing is sent any more: the link would be dead. */
  readonly notAfterMs: number;
}

/** What rooms above may ask about customers. Reads take part in the caller's transaction. */
export interface CustomerDirectory {
  findByAccountNumber(db: Db, accountNumber: string): Promise<Customer | undefined>;
  findById(db: Db, customerId: Id<'cus'>): Promise<Customer | undefined>;
  contactOf(db: Db, customerId: Id<'cus'>): Promise<Contact | undefined>;
  credentialsOf(db: Db, customerId: Id<'cus'>): Promise<readonly CustomerCredential[]>;
  /**
   * Notes what an accepted assertion said.
   *
   * @throws ProblemError `ceremony.refused` when the passkey was removed meanwhile.
   */
  recordUse(
    db: Db,
    use: {
      readonly authenticatorId: Id<'ath'>;
      readonly customerId: Id<'cus'>;
      readonly counter: number;
      readonly backedUp: boolean;
    },
  ): Promise<void>;
}

/** Messages to contacts on file: written with the state change, sent after its commit. */
export interface Messages {
  enqueue(tx: Db, draft: MessageDraft): Promise<Id<'msg'>>;
  /** Sends what waits, without making the caller wait for the carrier. Call it after the commit. */
  kick(): void;
  /** Sends what waits; answers how many the carrier took. The composition calls it each second. */
  deliver(): Promise<number>;
}
