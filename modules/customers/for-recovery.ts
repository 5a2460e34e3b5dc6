import type { Acr } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { recoverAccount, type RecoveredCustomer } from './commands/recover-account.ts';
import type { Context } from './context.ts';
import type { CustomerRow } from './store/customer-rows.ts';
import type { Contact, CustomerCredential } from './types.ts';

/** For so long after it was replaced, a contact on file is told of recoveries as well. */
const FORMER_CONTACT_MS = 30 * 24 * 60 * 60 * 1000;

/** A customer, as recoveries see them. */
interface RecoverableCustomer {
  readonly subjectId: Id<'cus'>;
  readonly displayName: string;
  readonly desk: string;
  readonly roles: readonly ['customer'];
  /** They have had a passkey: whoever never had one has nothing to get back. */
  readonly active: boolean;
  readonly recoveredUntil?: string;
}

/** What recoveries need of this module, and nobody else. */
export interface CustomersForRecovery {
  find(db: Db, customerId: Id<'cus'>): Promise<RecoverableCustomer | undefined>;
  findByNumber(db: Db, accountNumber: string): Promise<RecoverableCustomer | undefined>;
  /** The contact on file, and those that were until lately. */
  channelsOf(db: Db, customerId: Id<'cus'>): Promise<readonly Contact[]>;
  listOf(db: Db, customerId: Id<'cus'>): Promise<readonly CustomerCredential[]>;
  userOf(
    db: Db,
    customerId: Id<'cus'>,
  ): Promise<
    | { readonly handle: string; readonly displayName: string; readonly isBroughtAlong: boolean }
    | undefined
  >;
  /** False when the same counter was used meanwhile. */
  noteUse(
    tx: Db,
    passkey: CustomerCredential,
    use: {
      readonly counter: number;
      readonly backedUp: boolean;
      readonly acr: Acr;
      readonly at: Date;
    },
  ): Promise<boolean>;
  recoverAccount(tx: Db, recovered: RecoveredCustomer): Promise<(() => void) | undefined>;
}

/** @see CustomersForRecovery */
export function customersForRecovery(context: Context): CustomersForRecovery {
  const { authenticators, customers, formerContacts } = context.rows;
  const describe = (row: CustomerRow | undefined) => row && describeCustomer(context, row);
  return {
    find: async (db, customerId) => describe(await customers.findById(db, customerId)),
    findByNumber: async (db, number) => describe(await customers.findByAccountNumber(db, number)),
    async channelsOf(db, customerId) {
      const contact = (await customers.findById(db, customerId))?.contact;
      const since = new Date(context.clock.now() - FORMER_CONTACT_MS);
      const former = await formerContacts.listOf(db, customerId, since);
      const all = [...(contact ? [contact] : []), ...former];
      return all.filter(
        (one, index) => all.findIndex(({ address }) => address === one.address) === index,
      );
    },
    listOf: (db, customerId) => authenticators.listOf(db, customerId),
    async userOf(db, customerId) {
      const row = await customers.findById(db, customerId);
      if (!row) return undefined;
      const { greetingName: displayName, userHandle: handle } = row;
      return { handle, displayName, isBroughtAlong: false };
    },
    async noteUse(tx, passkey, { at, backedUp, counter }) {
      const own = await authenticators.listOf(tx, passkey.customerId);
      const now = own.find(({ authenticatorId }) => authenticatorId === passkey.authenticatorId);
      if (now?.counter !== passkey.counter) return false;
      return authenticators.recordUse(tx, passkey, { counter, backedUp, at });
    },
    recoverAccount: (tx, recovered) => recoverAccount(context, tx, recovered),
  };
}

function describeCustomer(
  { clock }: Pick<Context, 'clock'>,
  { customerId, enrolledAt, name, recoveredUntil }: CustomerRow,
): RecoverableCustomer {
  const isCapped = recoveredUntil !== undefined && recoveredUntil.getTime() > clock.now();
  return {
    subjectId: customerId,
    displayName: name,
    desk: '',
    roles: ['customer'],
    active: enrolledAt !== undefined,
    ...(isCapped && { recoveredUntil: recoveredUntil.toISOString() }),
  };
}

/** What was on file longer ago than it counts. */
export function formerContactsEnd(nowMs: number): Date {
  return new Date(nowMs - FORMER_CONTACT_MS);
}
