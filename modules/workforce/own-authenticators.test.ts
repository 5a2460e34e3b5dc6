import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { newId, type Id } from '@proofline/kernel';
import { OwnActDone, OwnAuthenticators, type OwnAct } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  evidenceMigration,
  foundActive,
  STAFF_ORIGIN,
  type Bench,
  type Options,
} from './testing/bench.ts';

interface Person {
  readonly as: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly key: SoftwareAuthenticator;
}

let storage: Storage;
let bench: Bench;
let anna: Person;
let bert: Person;
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

beforeEach(async () => {
  run += 1;
  bench = createBench(storage, `own-${run}`);
  const founders = await foundActive(bench, [
    { displayName: 'Anna', role: 'billing-agent' },
    { displayName: 'Bert', role: 'security-admin' },
  ]);
  [anna, bert] = founders.map(({ key, subjectId }) => ({
    as: subjectId,
    sessionId: newId('ses', bench),
    key,
  })) as [Person, Person];
});

const callerOf = ({ as, sessionId }: Person) => ({ as, sessionId });
const read = async (person: Person) =>
  OwnAuthenticators.parse(await bench.call('self.passkeys', callerOf(person)));
const begin = (person: Person, act: OwnAct) =>
  bench.call<Options>('self.passkeys.begin', { ...callerOf(person), body: { act } });

async function prove(person: Person, options: Options, key = person.key) {
  const credential = await key.assert({ options: options.publicKey, origin: STAFF_ORIGIN });
  const body = { ceremonyId: options.ceremonyId, credential };
  return OwnActDone.parse(await bench.call('self.passkeys.prove', { ...callerOf(person), body }));
}

async function register(person: Person, registration: Options, key: SoftwareAuthenticator) {
  const options = { options: registration.publicKey, origin: STAFF_ORIGIN };
  const body = { ceremonyId: registration.ceremonyId, credential: await key.register(options) };
  await bench.call('self.passkeys.register', { ...callerOf(person), body });
}

const synced = () => createSoftwareAuthenticator({ kind: 'synced', random: bench.random });

/** Adds a passkey as its owner would: asks, proves, registers. A moment passes. */
async function add(
  person: Person,
  key: SoftwareAuthenticator,
  { label = 'Spare', by = person.key } = {},
) {
  bench.clock.advance(1_000);
  const { registration } = await prove(person, await begin(person, { kind: 'add', label }), by);
  if (!registration) throw new Error('nothing to register');
  await register(person, registration, key);
  const { authenticators } = await read(person);
  return authenticators.at(-1)!.authenticatorId;
}

/** The oldest one's. */
const idOf = async (person: Person) => (await read(person)).authenticators[0]!.authenticatorId;

describe('adding a passkey', () => {
  it('takes the proof of one that the person has, tells every channel, and stands in their history', async () => {
    await storage.transaction(async (tx) => {
      const channel = { kind: 'email', address: 'anna@example.org' };
      const row = { tenant: `own-${run}`, subject_id: anna.as, ...channel };
      await tx
        .withTables<{ workforce_channels: typeof row }>()
        .insertInto('workforce_channels')
        .values(row)
        .execute();
    });
    await add(anna, synced(), { label: 'My phone' });
    const own = await read(anna);
    expect(own.authenticators).toMatchObject([
      { label: 'Hardware authenticator', kind: 'device-bound', acr: 'phrh' },
      { label: 'My phone', kind: 'synced', acr: 'phr' },
    ]);
    expect(own.history.map(({ kind, label }) => [kind, label])).toEqual([
      ['added', 'My phone'],
      ['registered', undefined],
    ]);
    expect(own.channels).toEqual([{ kind: 'email', masked: 'a•••@example.org' }]);
    expect(bench.told).toMatchObject([
      { recipientId: anna.as, to: { kind: 'email', address: 'anna@example.org' } },
    ]);
    expect(bench.told[0]?.text).not.toMatch(/My phone|Anna/);
    expect(bench.ownEvents).toEqual([{ type: 'own-authenticators.changed', subjectId: anna.as }]);
    const entry = (await bench.evidence()).at(-1);
    expect(entry).toMatchObject({ kind: 'authenticator.added', subjects: { actor: anna.as } });
    expect(JSON.stringify(entry?.personal)).toContain('change-own-authenticators');
  });

  it('is refused with somebody else’s proof, in words that do not say whose', async () => {
    const options = await begin(anna, { kind: 'add', label: 'x' });
    const publicKey = { ...options.publicKey, allowCredentials: [] };
    const stolen = prove(anna, { ...options, publicKey }, bert.key);
    await expect(stolen).rejects.toMatchObject({ code: 'ceremony.refused' });
    expect((await bench.evidence()).at(-1)?.facts).toMatchObject({ because: 'not-their-passkey' });
    expect((await read(anna)).history[0]).toMatchObject({ kind: 'refused', tried: 'add' });
    expect((await read(bert)).history).toHaveLength(1);
  });

  it('is refused with a proof for another act, of another session, of a sign-in, replayed or stale', async () => {
    const spare = await add(anna, synced());
    const rename = await begin(anna, { kind: 'rename', authenticatorId: spare, label: 'A' });
    const proof = await anna.key.assert({ options: rename.publicKey, origin: STAFF_ORIGIN });
    const answer = (ceremonyId: string, person = anna, credential = proof) =>
      bench.call('self.passkeys.prove', { ...callerOf(person), body: { ceremonyId, credential } });
    // The newer ceremony of the same session took the place of the one that was signed.
    const removal = await begin(anna, { kind: 'remove', authenticatorId: spare });
    await expect(answer(rename.ceremonyId)).rejects.toMatchObject({ code: 'ceremony.expired' });
    await expect(answer(removal.ceremonyId)).rejects.toMatchObject({ code: 'ceremony.refused' });
    // Used by that, genuine or not.
    const late = await anna.key.assert({ options: removal.publicKey, origin: STAFF_ORIGIN });
    await expect(answer(removal.ceremonyId, anna, late)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    const again = await begin(anna, { kind: 'add', label: 'x' });
    const elsewhere = { ...anna, sessionId: newId('ses', bench) };
    const genuine = await anna.key.assert({ options: again.publicKey, origin: STAFF_ORIGIN });
    await expect(answer(again.ceremonyId, elsewhere, genuine)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    await expect(answer(again.ceremonyId, bert, genuine)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    bench.clock.advance(300_001);
    await expect(answer(again.ceremonyId, anna, genuine)).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    const { authenticators } = await read(anna);
    expect(authenticators.map(({ label }) => label)).toEqual(['Hardware authenticator', 'Spare']);
  });

  it('has no registration but after the proof, in that session, once, within five minutes', async () => {
    const { registration } = await prove(anna, await begin(anna, { kind: 'add', label: 'x' }));
    const elsewhere = { ...anna, sessionId: newId('ses', bench) };
    await expect(register(elsewhere, registration!, synced())).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    bench.clock.advance(300_001);
    await expect(register(anna, registration!, synced())).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    const second = await prove(anna, await begin(anna, { kind: 'add', label: 'x' }));
    await register(anna, second.registration!, synced());
    await expect(register(anna, second.registration!, synced())).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
    expect((await read(anna)).authenticators).toHaveLength(2);
  });

  it('offers the same device no second time, and takes no credential that anybody has or had', async () => {
    const { registration } = await prove(anna, await begin(anna, { kind: 'add', label: 'x' }));
    await expect(register(anna, registration!, anna.key)).rejects.toThrow('InvalidStateError');
    const publicKey = { ...registration!.publicKey, excludeCredentials: [] };
    const options = { options: publicKey, origin: STAFF_ORIGIN };
    const credential = await synced().register(options);
    await storage.transaction(async (tx) => {
      // Bert's credential id, as if two devices had drawn the same.
      const t = tx.withTables<{
        workforce_authenticators: { credential_id: string; subject_id: string; tenant: string };
      }>();
      await t
        .updateTable('workforce_authenticators')
        .set({ credential_id: credential.id })
        .where('subject_id', '=', bert.as)
        .where('tenant', '=', `own-${run}`)
        .execute();
    });
    const body = { ceremonyId: registration!.ceremonyId, credential };
    const taken = bench.call('self.passkeys.register', { ...callerOf(anna), body });
    await expect(taken).rejects.toMatchObject({ code: 'authenticator.known' });
  });

  it('ends at ten', async () => {
    for (let count = 1; count < 10; count += 1) await add(anna, synced());
    const eleventh = begin(anna, { kind: 'add', label: 'x' });
    await expect(eleventh).rejects.toMatchObject({ code: 'authenticator.too-many' });
  });

  it('needs one of the strongest that the person has, and nothing counts as more than what vouched', async () => {
    const phone = synced();
    await add(anna, phone, { label: 'Phone' });
    const options = await begin(anna, { kind: 'add', label: 'x' });
    const allowed = options.publicKey['allowCredentials'];
    expect(allowed).toEqual([{ type: 'public-key', id: anna.key.credentials[0]!.credentialId }]);
    const publicKey = { ...options.publicKey, allowCredentials: [] };
    const weak = prove(anna, { ...options, publicKey }, phone);
    await expect(weak).rejects.toMatchObject({ code: 'ceremony.refused' });
    // Once only the weak one is left, what it lets in is as weak, whatever its hardware says.
    await prove(
      anna,
      await begin(anna, { kind: 'remove', authenticatorId: await idOf(anna) }),
      phone,
    );
    await add(anna, createKey(bench), { label: 'New key', by: phone });
    const { authenticators } = await read(anna);
    expect(authenticators.at(-1)).toMatchObject({ label: 'New key', acr: 'phr', atMost: 'phr' });
  });
});

describe('removing a passkey', () => {
  it('ends what rests on it, tells it, and it never signs anything again', async () => {
    const phone = synced();
    const spare = await add(anna, phone, { label: 'Phone' });
    bench.clock.advance(1_000);
    await prove(anna, await begin(anna, { kind: 'remove', authenticatorId: spare }));
    expect(bench.ended).toMatchObject([{ sessionId: spare, because: 'authenticator-removed' }]);
    const own = await read(anna);
    expect(own.authenticators).toHaveLength(1);
    expect(own.history[0]).toMatchObject({ kind: 'removed', label: 'Phone' });
    expect(own.gone).toEqual([phone.credentials[0]!.credentialId]);
    bench.prompts.set('again', { clientName: 'c', kind: 'login' });
    const browser = createBrowser();
    const options = await bench.call<Options>('sign-in.options', {
      browser,
      params: { uid: 'again' },
    });
    const credential = await phone.assert({ options: options.publicKey, origin: STAFF_ORIGIN });
    const body = { ceremonyId: options.ceremonyId, credential };
    const signIn = bench.call('sign-in.assertion', { browser, params: { uid: 'again' }, body });
    await expect(signIn).rejects.toMatchObject({ code: 'ceremony.refused' });
  });

  it('is refused for the last one, and while the role asks for two', async () => {
    const only = await idOf(anna);
    const last = begin(anna, { kind: 'remove', authenticatorId: only });
    await expect(last).rejects.toMatchObject({ code: 'authenticator.last' });
    const spare = await add(anna, synced());
    bench.least.of = 2;
    const few = begin(anna, { kind: 'remove', authenticatorId: spare });
    await expect(few).rejects.toMatchObject({ code: 'authenticator.too-few' });
    expect((await read(anna)).authenticators[0]).toMatchObject({
      refusal: 'authenticator.too-few',
    });
  });

  it('is proved by one that stays, never by the one that goes', async () => {
    const phone = synced();
    const spare = await add(anna, phone);
    const options = await begin(anna, { kind: 'remove', authenticatorId: spare });
    const publicKey = { ...options.publicKey, allowCredentials: [] };
    const self = prove(anna, { ...options, publicKey }, phone);
    await expect(self).rejects.toMatchObject({ code: 'ceremony.refused' });
    expect((await read(anna)).authenticators).toHaveLength(2);
  });

  it('of somebody else’s is told like that of none, and changes nothing', async () => {
    const victim = await idOf(anna);
    const unknown = newId('ath', bench);
    for (const authenticatorId of [victim, unknown]) {
      for (const act of [
        { kind: 'remove', authenticatorId } as const,
        { kind: 'rename', authenticatorId, label: 'x' } as const,
      ]) {
        await expect(begin(bert, act)).rejects.toMatchObject({ code: 'authenticator.unknown' });
      }
    }
    expect((await read(anna)).history).toHaveLength(1);
  });

  it('twice at the same moment leaves one', async () => {
    const phone = synced();
    const spare = await add(anna, phone);
    const first = await idOf(anna);
    const elsewhere = { ...anna, sessionId: newId('ses', bench), key: phone };
    const [one, other] = [
      await begin(anna, { kind: 'remove', authenticatorId: spare }),
      await begin(elsewhere, { kind: 'remove', authenticatorId: first }),
    ];
    const ends = await Promise.allSettled([prove(anna, one), prove(elsewhere, other)]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect((await read(anna)).authenticators).toHaveLength(1);
  });

  it('takes the word of a removed one away: what it vouched for is not registered', async () => {
    const phone = createKey(bench);
    const spare = await add(anna, phone);
    const { registration } = await prove(
      anna,
      await begin(anna, { kind: 'add', label: 'x' }),
      phone,
    );
    const elsewhere = { ...anna, sessionId: newId('ses', bench) };
    await prove(elsewhere, await begin(elsewhere, { kind: 'remove', authenticatorId: spare }));
    await expect(register(anna, registration!, synced())).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect((await read(anna)).authenticators).toHaveLength(1);
  });
});
