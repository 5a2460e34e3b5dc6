import type { Id } from '@proofline/kernel';
import type { CustomerRecovery } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { CONTACTS_MAX, CONTACTS_NEEDED } from '../domain/own-act.ts';
import type { Preparation } from '../domain/preparation.ts';
import type { SubjectId } from '../domain/subjects.ts';
import { describeOpen } from './own-recovery.ts';

/** What a customer has laid by, what is under way for them, and who asks for their word. */
export async function readCustomerRecovery(
  context: Context,
  customerId: Id<'cus'>,
): Promise<CustomerRecovery> {
  const { people, rows, storage, wait } = context;
  const { db } = storage;
  const [prepared, [own], asks, channels, self] = await Promise.all([
    rows.preparations.find(db, customerId),
    rows.recoveries.listOpen(db, customerId),
    rows.open.listAskingFor(db, customerId),
    people.channelsOf(db, customerId),
    people.find(db, customerId),
  ]);
  const askedBy = await Promise.all(
    asks.map(({ recovery }) => nameOf(context, recovery.subjectId)),
  );
  return {
    contacts: prepared ? await describeContacts(context, prepared) : [],
    contactsNeeded: CONTACTS_NEEDED,
    contactsMost: CONTACTS_MAX,
    ...(prepared?.code && { codeMadeAt: new Date(prepared.code.madeAtMs).toISOString() }),
    channels: channels.length,
    wait: { seconds: wait.waitSeconds, isShortened: wait.isShortened },
    ...(own && { open: describeOpen(context, own) }),
    askedBy,
    ...(self?.recoveredUntil && { cappedUntil: self.recoveredUntil }),
  };
}

async function describeContacts(
  context: Context,
  { contacts, contactsSinceMs }: Preparation,
): Promise<CustomerRecovery['contacts']> {
  return Promise.all(
    contacts.map(async (contact, index) => ({
      // A customer's contacts are customers.
      contactId: contact as Id<'cus'>,
      displayName: await nameOf(context, contact),
      countsFrom: new Date((contactsSinceMs?.[index] ?? 0) + context.seasonMs).toISOString(),
    })),
  );
}

async function nameOf({ people, storage }: Context, subjectId: SubjectId): Promise<string> {
  return (await people.find(storage.db, subjectId))?.displayName ?? '';
}
