import type { AttestationPolicy } from '@proofline/assurance';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceProver, EvidenceWriter } from '@proofline/ledger';
import type { Storage } from '@proofline/storage';
import type { Colleague, ForRecovery, Messages } from '@proofline/workforce';
import type { WaitRule } from './domain/wait-rule.ts';

/** A passkey of a colleague, as this room may see it. */
export type StaffPasskey = Awaited<ReturnType<ForRecovery['listOf']>>[number];

/** Who works here, their passkeys and where they are told: lent by workforce. */
export interface RecoveryPeople extends ForRecovery {
  list(): Promise<readonly Colleague[]>;
}

/** A recovery moved on: for the screens of its subject, and of the contacts who are asked. */
export interface RecoveryEvent {
  readonly type: 'recovery.changed';
  readonly recoveryId: Id<'rcv'>;
  readonly forSubjects: readonly Id<'stf'>[];
}

/** What the module needs from outside. */
export interface RecoveryDeps {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter & EvidenceProver;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  readonly staffOrigin: string;
  readonly rpId: string;
  readonly companyName: string;
  readonly attestationPolicy: AttestationPolicy;
  /** @throws Error at the start, when the wait is under 24 h and nothing says that it is a show. */
  readonly wait: WaitRule;
  readonly people: RecoveryPeople;
  readonly messages: Messages;
  /** Called after the commit. Must not throw. */
  readonly notify: (event: RecoveryEvent) => void;
}
