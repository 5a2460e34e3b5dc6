import type { Id } from '@proofline/kernel';
import type { CustomerDatum } from '@proofline/protocol';

/** What a customer has agreed to with one application. */
export interface ConsentRow {
  readonly customerId: Id<'cus'>;
  readonly applicationId: Id<'app'>;
  readonly learns: readonly CustomerDatum[];
  readonly termsDigest: string;
  readonly agreedAt: Date;
  /** The entry `application.consented`. */
  readonly evidenceId: Id<'evt'>;
}
