import type { EvidenceKind, EvidenceReceiver } from '@proofline/protocol';
import type { ReceiverForm } from './forms/write-records.ts';

/** Somebody outside who is sent the log, as the operator has set it. */
export interface Receiver {
  /** Its own for good: how far it has been sent is remembered under it. */
  readonly name: string;
  readonly form: ReceiverForm;
  /** Kinds that go out in full; without it, all. */
  readonly kinds?: readonly EvidenceKind[];
  /** Where a new receiver begins: with the log, or with what comes from now on. */
  readonly from: 'beginning' | 'now';
  /** Of syslog: the private enterprise number in its structured data (RFC 5424 §7.2.2). */
  readonly enterprise?: number;
  /** Where it goes, for the eye: no credentials. */
  readonly target: string;
  /**
   * Resolves once the receiver has taken it, as far as its transport can tell.
   * @throws ReceiverFault saying in words of our own why not; of anything else nothing is told.
   */
  transmit(records: readonly string[], signal: AbortSignal): Promise<void>;
}

/** Why something could not be handed over. Holds nothing that the receiver said. */
export class ReceiverFault extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = 'ReceiverFault';
  }
}

/** Sends the log out, to each receiver by itself. */
export interface Receivers {
  /** From now on, until {@link Receivers.stop}. */
  start(): void;
  /** Ends what is under way; what was not confirmed goes out again. */
  stop(): Promise<void>;
  /** How each one stands. */
  statuses(): Promise<readonly EvidenceReceiver[]>;
}
