import type { AttestationPolicy } from '@proofline/assurance';
import type { CustomerDirectory, Messages } from '@proofline/customers';
import type { Decider, RowDecider } from '@proofline/decisions';
import type { Clock, Id, Random } from '@proofline/kernel';
import type { EvidenceWriter } from '@proofline/ledger';
import type { CaseType, Role } from '@proofline/protocol';
import type { SessionRegistry } from '@proofline/sessions';
import type { Db, Storage } from '@proofline/storage';

/** What this module must know of a colleague; `workforce` answers it through the composition. */
export interface StaffFacts {
  readonly displayName: string;
  readonly desk: string;
  readonly roles: readonly Role[];
}

/** Something that a panel or a list should read again. Carries ids, and what decides who may hear them. */
export interface ChangeEvent {
  readonly type: 'interaction.changed' | 'proof-request.changed';
  /** Whose call it is. */
  readonly staffId: Id<'stf'>;
  /** The desk that the call belongs to: its leads see the call too. */
  readonly desk: string;
  readonly interactionId: Id<'int'>;
}

/** What the module needs from outside. */
export interface InteractionsDeps {
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
  readonly customers: CustomerDirectory & { readonly messages: Messages };
  readonly sessions: Pick<SessionRegistry, 'findGrant' | 'endGrantsOf'>;
  /** `undefined`: nobody who works here now. */
  readonly staffOf: (subjectId: Id<'stf'>) => Promise<StaffFacts | undefined>;
  readonly preview: Decider['preview'];
  readonly previewFields: Decider['previewFields'];
  readonly rowsPermitted: RowDecider['rowsPermitted'];
  /** Whether a recovery of this customer’s account has its proofs and waits. */
  readonly isBeingRecovered: (db: Db, customerId: Id<'cus'>) => Promise<boolean>;
  /** Called after the commit. Must not throw. */
  readonly notify: (event: ChangeEvent) => void;
}

/** A case as a sync or a seed brings it: of no call, without a customer. */
export interface CaseImport {
  readonly caseType: CaseType;
  readonly openedAtMs: number;
  readonly closedAtMs?: number;
}
