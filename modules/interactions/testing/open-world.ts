import { migrations as customersMigrations } from '@proofline/customers';
import { fakeSessionsMigration, recordBookMigration } from '@proofline/customers/testing';
import type { Storage } from '@proofline/storage';
import { migrations } from '../store/migrations.ts';
import { createInteractionsWorld } from './interactions-world.ts';

/** Customers of tests: enrolled with a passkey and a contact on file. */
export const ANNA = 'C-1001';
/** Another one. */
export const BO = 'C-1002';
/** On file with a contact, but without a passkey. */
export const CLEO = 'C-1003';
/** No such account. */
export const NOBODY = 'C-9999';

/** The tables that {@link populateWorld} asks for. */
export const worldMigrations = [
  ...customersMigrations,
  ...migrations,
  recordBookMigration,
  fakeSessionsMigration,
];

/** Two enrolled customers with their devices, one without, and agents at two desks. */
export async function populateWorld(storage: Storage, tenant = 'acme') {
  const world = createInteractionsWorld(storage, tenant);
  await world.customers.importCustomers([
    { accountNumber: ANNA, name: 'Anna Ek', greetingName: 'Anna', contact: sms('+4670100') },
    { accountNumber: BO, name: 'Bo Dahl', greetingName: 'Bo', contact: sms('+4670200') },
    { accountNumber: CLEO, name: 'Cleo Falk', greetingName: 'Cleo', contact: sms('+4670300') },
  ]);
  const annas = await world.enrol(ANNA);
  const bos = await world.enrol(BO);
  return {
    ...world,
    annas,
    bos,
    /** The word of the newest refusal. */
    because: async () => (await world.ledger.last('proof.refused')).facts?.['because'],
    /** How many proofs were ever bound. */
    bound: async () => (await world.ledger.entries('proof.bound')).length,
  };
}

/** What {@link populateWorld} makes. */
export type PopulatedWorld = Awaited<ReturnType<typeof populateWorld>>;

function sms(address: string) {
  return { kind: 'sms', address } as const;
}
