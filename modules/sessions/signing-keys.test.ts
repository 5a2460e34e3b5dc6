import { listSigningKeys, rotateSigningKeys, type SigningKeys } from '@proofline/protocol';
import { newId } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose';
import * as oidc from 'openid-client';
import { beforeEach, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations, type Sessions } from './index.ts';
import { ConsoleClient, fetchTo } from './testing/console-client.ts';
import { createWorld, issuerUrl, type World } from './testing/world.ts';

let storage: Storage;
let world: World;
let other: Sessions;
let client: ConsoleClient;
let config: oidc.Configuration;

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage);
  await world.sessions.openKeys();
  other = world.other();
  await other.openKeys();
  client = await ConsoleClient.create(world);
  const auth = oidc.PrivateKeyJwt(world.service.privateKey);
  const options = {
    [oidc.customFetch]: fetchTo(world.port),
    execute: [oidc.allowInsecureRequests],
  };
  const id = world.service.clientId;
  config = await oidc.discovery(new URL(issuerUrl), id, undefined, auth, options);
  config.timeout = 20;
  return async () => {
    await world.close();
    await storage.close();
  };
});

async function call(of: Sessions, route: object, body?: object): Promise<SigningKeys> {
  const mounted = of.routes.find((one) => one.route === route);
  const caller = { kind: 'staff', subjectId: world.anna, roles: ['security-admin'] };
  const decision = { evidenceId: newId('evt', world.ports) };
  // What the edge hands over, and what the contract says of the answer.
  return (await mounted!.handler({ caller, decision, body } as never)) as SigningKeys;
}
const rotate = (of = world.sessions, because = 'asked') =>
  call(of, rotateSigningKeys, { reason: 'It was time.', because });
const states = async (of = world.sessions) =>
  (await call(of, listSigningKeys)).keys.map(({ state }) => state);

async function newToken(): Promise<string> {
  const dpop = oidc.getDPoPHandle(config, client.keys);
  return (await oidc.clientCredentialsGrant(config, {}, { DPoP: dpop })).access_token;
}
const present = async (token: string, to: Sessions) =>
  to.authenticate.service(await client.apiRequest(token)).then(
    () => 'taken',
    ({ code }: { readonly code: string }) => code,
  );
async function published() {
  const answer = await fetchTo(world.port)(`${issuerUrl}/jwks`, {
    method: 'GET',
    headers: {},
    body: undefined,
    redirect: 'manual',
  });
  return (await answer.json()) as Parameters<typeof createLocalJWKSet>[0];
}
const kidOf = (token: string) => decodeProtectedHeader(token).kid;

test('a rotation under load fails no request, and no token before its time', async () => {
  const before = await newToken();
  // Whoever reads our keys seldom: a minute before the new one signs is enough.
  let readSeldom = createLocalJWKSet(await published());
  const outcomes = new Map<string, number>();
  const kids = new Set<string | undefined>();
  const work = { goesOn: true };
  const worker = async () => {
    while (work.goesOn) {
      const token = await newToken();
      kids.add(kidOf(token));
      const elsewhere = await jwtVerify(token, readSeldom).then(
        () => 'taken',
        () => 'unknown to a reader',
      );
      for (const how of [
        await present(token, other),
        await present(token, world.sessions),
        elsewhere,
      ])
        outcomes.set(how, (outcomes.get(how) ?? 0) + 1);
    }
  };
  const workers = Promise.all(Array.from({ length: 6 }, worker));
  const until = async (count: number) => {
    const from = [...outcomes.values()].reduce((sum, one) => sum + one, 0);
    await expect
      .poll(() => [...outcomes.values()].reduce((sum, one) => sum + one, 0), { timeout: 30_000 })
      .toBeGreaterThan(from + count);
  };
  await until(30);
  await rotate();
  await until(30);
  expect(await states()).toEqual(['next', 'current']);
  expect(kids.size).toBe(1);
  // The other process and the reader have had a minute for it.
  await other.followKeys();
  readSeldom = createLocalJWKSet(await published());
  // In steps: a proof that is under way is good for a minute.
  for (let step = 0; step < 4; step += 1) {
    world.clock.advance(20_000);
    await until(24);
  }
  work.goesOn = false;
  await workers;
  expect(await states()).toEqual(['current', 'retiring']);
  expect(await states(other)).toEqual(['current', 'retiring']);
  expect(kids.size).toBe(2);
  expect([...outcomes.keys()]).toEqual(['taken']);
  expect(outcomes.get('taken')).toBeGreaterThan(120);
  expect(await present(before, world.sessions)).toBe('taken');
  expect(await present(before, other)).toBe('taken');
  world.clock.advance(10 * 60_000);
  expect(await states()).toEqual(['current', 'retired']);
  expect((await published()).keys).toHaveLength(1);
});

test('P6: after a compromise nothing that the old key signed is taken, here and elsewhere', async () => {
  const stolen = await newToken();
  await rotate();
  const found = await rotate(world.sessions, 'compromised');
  expect(found.keys.map(({ state }) => state)).toEqual(['current', 'retired', 'retired']);
  expect(await present(stolen, world.sessions)).toBe('token.invalid');
  await other.followKeys();
  expect(await present(stolen, other)).toBe('token.invalid');
  const fresh = await newToken();
  expect(kidOf(fresh)).toBe(found.keys[0]?.kid);
  expect(await present(fresh, world.sessions)).toBe('taken');
  expect(await present(fresh, other)).toBe('taken');
  expect((await published()).keys.map(({ kid }) => kid)).toEqual([kidOf(fresh)]);
  // A start does not bring back what the settings still have.
  const started = world.other();
  await started.openKeys();
  expect(await present(stolen, started)).toBe('token.invalid');
  expect(await present(fresh, started)).toBe('taken');
  expect(world.evidence.at(-1)).toMatchObject({
    kind: 'signing-key.added',
    subjects: { actor: world.anna },
    facts: { because: 'compromised', reason: 'It was time.' },
  });
});

test('of two processes that rotate at once one does, and both agree', async () => {
  const both = await Promise.allSettled([rotate(world.sessions), rotate(other)]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  await expect(rotate()).rejects.toMatchObject({ code: 'signing-key.pending' });
  await Promise.all([world.sessions.followKeys(), other.followKeys()]);
  expect(await call(other, listSigningKeys)).toEqual(await call(world.sessions, listSigningKeys));
  // On schedule: once in ninety days, by whichever comes first.
  const due = () => Promise.all([world.sessions.rotateKeysWhenDue(), other.rotateKeysWhenDue()]);
  world.clock.advance(61_000);
  await due();
  expect(await states()).toEqual(['current', 'retiring']);
  world.clock.advance(89 * 86_400_000);
  await due();
  await Promise.all([world.sessions.followKeys(), other.followKeys()]);
  expect(await states()).toEqual(['next', 'current', 'retired']);
  expect(await states(other)).toEqual(['next', 'current', 'retired']);
});

test('a private key lies in the table sealed, for its own row alone', async () => {
  await rotate();
  type Row = { kid: string; sealed_jwk: string | null; sequence: number };
  const rows = storage.db.withTables<{ signing_keys: Row }>();
  const kept = await rows.selectFrom('signing_keys').select(['kid', 'sealed_jwk']).execute();
  expect(kept).toHaveLength(2);
  const { d } = world.sessions.signingKeys()[1]!;
  expect(d).toBeDefined();
  expect(JSON.stringify(kept)).not.toContain(d);
  // Whoever writes the table gets nothing of theirs to sign, and the start ends.
  await rows.updateTable('signing_keys').set({ kid: 'other' }).where('sequence', '=', 1).execute();
  await expect(world.other().openKeys()).rejects.toThrow('Unsupported state');
});

test('P1: whoever writes the table adds, revives, prolongs and withdraws no key', async () => {
  const rows = storage.db.withTables<{ signing_keys: Record<string, unknown> }>();
  const theirs = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(theirs.publicKey);
  const kid = await calculateJwkThumbprint(jwk);
  const whole = { ...jwk, kid, alg: 'ES256', use: 'sig' };
  const token = await newToken();
  await rotate();
  const [ours] = await rows
    .selectFrom('signing_keys')
    .selectAll()
    .orderBy('sequence', 'desc')
    .execute();
  const put = (over: object) =>
    rows
      .insertInto('signing_keys')
      .values({ ...ours, kid, public_jwk: JSON.stringify(whole), sequence: 99, ...over })
      .execute();
  const isNone = async () => {
    await expect(world.sessions.followKeys()).rejects.toThrow('not ours');
    expect((await published()).keys.map((one) => one.kid)).not.toContain(kid);
    const forged = await new SignJWT(decodeJwt(token))
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .sign(theirs.privateKey);
    expect(await present(forged, world.sessions)).toBe('token.invalid');
    await expect(world.other().openKeys()).rejects.toThrow('not ours');
    await rows.deleteFrom('signing_keys').where('kid', '=', kid).execute();
  };
  await put({ sealed_jwk: null, signs_from: new Date(0), older_until: new Date(0) });
  await isNone();
  // With the seal of another row, with none that is one, and as a key of the settings.
  await put({});
  await isNone();
  await put({ sealed_jwk: 'x', because: 'settings', sequence: 2_147_483_647 });
  await isNone();
  // Meanwhile a compromise ends every key before it, whatever lies in the way.
  await put({ sequence: 2 });
  const found = await rotate(world.sessions, 'compromised');
  expect(found.keys.map(({ state }) => state)).toEqual(['current', 'retired', 'retired']);
  await rows.deleteFrom('signing_keys').where('kid', '=', kid).execute();
  expect(await present(token, world.sessions)).toBe('token.invalid');
  // Its row taken away: who knew of it still does.
  const newest = found.keys[0]!.kid;
  const [last] = await rows
    .selectFrom('signing_keys')
    .selectAll()
    .where('kid', '=', newest)
    .execute();
  await rows.deleteFrom('signing_keys').where('kid', '=', newest).execute();
  await expect(world.sessions.followKeys()).rejects.toThrow('lacks a row');
  expect(await present(token, world.sessions)).toBe('token.invalid');
  await rows.insertInto('signing_keys').values(last!).execute();
  // And longer good than was said, or sooner in use, it is no key either.
  for (const column of ['older_until', 'signs_from', 'published_at']) {
    const was = last![column];
    const set = (value: unknown) =>
      rows
        .updateTable('signing_keys')
        .set({ [column]: value })
        .where('kid', '=', newest)
        .execute();
    await set(new Date(4_102_444_800_000));
    await expect(world.other().openKeys()).rejects.toThrow('not ours');
    await set(was);
  }
  await world.other().openKeys();
});

test('P1: a row that was taken away ends the next start, whichever it was', async () => {
  const rows = storage.db.withTables<{ signing_keys: Record<string, unknown> }>();
  await rotate(world.sessions, 'compromised');
  const all = await rows.selectFrom('signing_keys').selectAll().execute();
  expect(all).toHaveLength(2);
  // The newest, after which the stolen one would sign again; the oldest, which the settings would bring back as
  // a new one; and all.
  for (const gone of [...all.map((one) => [one]), all]) {
    const names = gone.map((one) => one['kid']);
    await rows.deleteFrom('signing_keys').where('kid', 'in', names).execute();
    await expect(world.other().openKeys()).rejects.toThrow('not what the log says');
    await rows.insertInto('signing_keys').values(gone).execute();
  }
  await world.other().openKeys();
});

test('the customers’ issuer has keys of its own: one that all processes make together, and replace alone', async () => {
  const kidsOf = async (of: Sessions) =>
    (await call(of, listSigningKeys)).ofCustomers
      .filter(({ state }) => state !== 'retired')
      .map(({ kid }) => kid);
  const [before] = await kidsOf(world.sessions);
  expect(await kidsOf(world.sessions)).toHaveLength(1);
  expect(await kidsOf(other)).toEqual([before]);
  const staff = await call(world.sessions, listSigningKeys);
  expect(staff.keys.map(({ kid }) => kid)).not.toContain(before);
  const asked = { reason: 'It was lost.', because: 'compromised', realm: 'customers' };
  await call(world.sessions, rotateSigningKeys, asked);
  await other.followKeys();
  const [after, ...more] = await kidsOf(other);
  expect([after, ...more]).toHaveLength(1);
  expect(after).not.toBe(before);
  expect((await call(other, listSigningKeys)).keys).toEqual(staff.keys);
  // A start holds the table against what the log says of it.
  await expect(world.other().openKeys()).resolves.toBeUndefined();
});
