import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { newId } from '@proofline/kernel';
import {
  beginCustomerAct,
  customerSignIn,
  customerSignInOptions,
  proveCustomerAct,
  readCustomerAuthenticators,
  registerCustomerAuthenticator,
  type CeremonyOptions,
  type CustomerCaller,
  type OwnAct,
} from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  callRoute,
  createCustomersWorld,
  fakeSessionsMigration,
  ORIGIN,
  recordBookMigration,
} from './testing/index.ts';

interface Person {
  readonly caller: CustomerCaller;
  readonly device: SoftwareAuthenticator;
}

let storage: Storage;
let world: ReturnType<typeof createCustomersWorld>;
let anna: Person;
let bo: Person;

beforeEach(async () => {
  storage = await openTestStorage([...migrations, recordBookMigration, fakeSessionsMigration]);
  world = createCustomersWorld(storage);
  await world.customers.importCustomers([
    { accountNumber: 'C-1', name: 'Anna Ek', contact: { kind: 'sms', address: '+4670100200' } },
    { accountNumber: 'C-2', name: 'Bo Dahl', contact: { kind: 'sms', address: '+4670300400' } },
  ]);
  anna = await seat('C-1');
  bo = await seat('C-2');
});
afterEach(() => storage.close());

async function seat(accountNumber: string): Promise<Person> {
  const device = await world.enrol(accountNumber);
  const found = await world.customers.findByAccountNumber(storage.db, accountNumber);
  const { customerId } = found!;
  return { caller: { kind: 'customer', customerId, sessionId: newId('ses', world) }, device };
}

const read = ({ caller }: Person) =>
  callRoute(world.routes, readCustomerAuthenticators, { caller });
const begin = ({ caller }: Person, act: OwnAct) =>
  callRoute(world.routes, beginCustomerAct, { caller, body: { act } });

async function prove(person: Person, options: CeremonyOptions, by = person.device) {
  const credential = await by.assert({ options: options.publicKey, origin: ORIGIN });
  const body = { ceremonyId: options.ceremonyId, credential };
  return callRoute(world.routes, proveCustomerAct, { caller: person.caller, body });
}

async function register(person: Person, options: CeremonyOptions, device: SoftwareAuthenticator) {
  const credential = await device.register({ options: options.publicKey, origin: ORIGIN });
  const body = { ceremonyId: options.ceremonyId, credential };
  await callRoute(world.routes, registerCustomerAuthenticator, { caller: person.caller, body });
}

async function add(person: Person) {
  world.clock.advance(1_000);
  const device = createSoftwareAuthenticator({ kind: 'synced' });
  const { registration } = await prove(
    person,
    await begin(person, { kind: 'add', label: 'Tablet' }),
  );
  await register(person, registration!, device);
  const { authenticators } = await read(person);
  return { device, authenticatorId: authenticators.at(-1)!.authenticatorId };
}

describe('a customer’s own passkeys', () => {
  it('grow by the proof of one, told to the contact on file and in the history', async () => {
    await add(anna);
    const own = await read(anna);
    expect(own.authenticators).toMatchObject([{ acr: 'phr' }, { label: 'Tablet', acr: 'phr' }]);
    expect(own.history.map(({ kind }) => kind)).toEqual(['added', 'registered']);
    expect(own.channels).toEqual([{ kind: 'sms', masked: '•••00' }]);
    await world.customers.messages.deliver();
    const message = world.phone.inbox.at(-1);
    expect(message).toMatchObject({ to: { address: '+4670100200' }, link: `${ORIGIN}/passkeys` });
    expect(message?.text).not.toMatch(/Tablet|Anna/);
    const entry = await world.ledger.last('authenticator.added');
    expect(entry.subjects).toEqual({ customer: anna.caller.customerId });
    expect(JSON.stringify(entry.personal)).toContain('change-own-authenticators');
  });

  it('do not grow by somebody else’s proof, another session’s, a replayed or a late one', async () => {
    world.clock.advance(1_000);
    const options = await begin(anna, { kind: 'add', label: 'x' });
    const open = { ...options, publicKey: { ...options.publicKey, allowCredentials: [] } };
    await expect(prove(anna, open, bo.device)).rejects.toMatchObject({ code: 'ceremony.refused' });
    await expect(prove(anna, options)).rejects.toMatchObject({ code: 'ceremony.expired' });
    const again = await begin(anna, { kind: 'add', label: 'x' });
    const elsewhere = { ...anna, caller: { ...anna.caller, sessionId: newId('ses', world) } };
    for (const person of [elsewhere, { ...anna, caller: bo.caller }]) {
      await expect(prove(person, again)).rejects.toMatchObject({ code: 'ceremony.expired' });
    }
    world.clock.advance(300_001);
    await expect(prove(anna, again)).rejects.toMatchObject({ code: 'ceremony.expired' });
    const late = await prove(anna, await begin(anna, { kind: 'add', label: 'x' }));
    world.clock.advance(300_001);
    const device = createSoftwareAuthenticator({ kind: 'synced' });
    await expect(register(anna, late.registration!, device)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    expect((await read(anna)).authenticators).toHaveLength(1);
    expect((await read(anna)).history[0]).toMatchObject({ kind: 'refused', tried: 'add' });
    expect((await read(bo)).history).toHaveLength(1);
  });

  it('shrink by the proof of one that stays, and what rests on the removed one ends', async () => {
    const ended: string[] = [];
    world.whenRemoved(async (_tx, removed) => {
      ended.push(removed.authenticatorId);
      return () => void ended.push('told');
    });
    const { authenticatorId, device } = await add(anna);
    const options = await begin(anna, { kind: 'remove', authenticatorId });
    const open = { ...options, publicKey: { ...options.publicKey, allowCredentials: [] } };
    await expect(prove(anna, open, device)).rejects.toMatchObject({ code: 'ceremony.refused' });
    world.clock.advance(1_000);
    await prove(anna, await begin(anna, { kind: 'remove', authenticatorId }));
    expect(ended).toEqual([authenticatorId, 'told']);
    const own = await read(anna);
    expect(own.history[0]).toMatchObject({ kind: 'removed', label: 'Tablet' });
    expect(own.gone).toEqual([device.credentials[0]!.credentialId]);
    const signIn = await callRoute(world.routes, customerSignInOptions);
    const credential = await device.assert({ options: signIn.publicKey, origin: ORIGIN });
    const body = { ceremonyId: signIn.ceremonyId, credential };
    await expect(callRoute(world.routes, customerSignIn, { body })).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
  });

  it('keep the last one, at the same moment too, and are nobody else’s to change', async () => {
    const [first] = (await read(anna)).authenticators;
    const { authenticatorId: only } = first!;
    await expect(begin(anna, { kind: 'remove', authenticatorId: only })).rejects.toMatchObject({
      code: 'authenticator.last',
    });
    for (const authenticatorId of [only, newId('ath', world)]) {
      await expect(begin(bo, { kind: 'remove', authenticatorId })).rejects.toMatchObject({
        code: 'authenticator.unknown',
      });
    }
    const { authenticatorId, device } = await add(anna);
    const elsewhere = {
      device,
      caller: { ...anna.caller, sessionId: newId('ses', world) },
    };
    const both = [
      await begin(anna, { kind: 'remove', authenticatorId }),
      await begin(elsewhere, { kind: 'remove', authenticatorId: only }),
    ] as const;
    const ends = await Promise.allSettled([prove(anna, both[0]), prove(elsewhere, both[1])]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await read(anna)).authenticators).toHaveLength(1);
  });

  it('give way to the one of a recovery, and so does what was agreed to with them', async () => {
    const { customerId } = anna.caller;
    const { forRecovery } = world.customers;
    const [lost] = await forRecovery.listOf(storage.db, customerId);
    await storage.transaction((tx) =>
      forRecovery.recoverAccount(tx, {
        subjectId: customerId,
        recoveryId: newId('rcv', world),
        authenticatorId: newId('ath', world),
        credential: { ...lost!, credentialId: 'of-the-recovery' },
        evidenceId: newId('evt', world),
        cappedUntil: new Date(world.clock.now()),
      }),
    );
    const kept = await forRecovery.listOf(storage.db, customerId);
    expect(kept.map(({ credentialId }) => credentialId)).toEqual(['of-the-recovery']);
    expect(world.sessions.freed).toEqual([customerId]);
  });
});
