import { newId } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { ConsoleClient } from './testing/console-client.ts';
import { createWorld, staffOrigin, type World } from './testing/world.ts';

let storage: Storage;
let world: World;
let console: ConsoleClient;
let program: ConsoleClient;

/** RFC 8252 §7.3: the port is whichever was free. */
const as = { clientId: 'command-line', redirectUri: 'http://127.0.0.1:39001/callback' };
const rollback = `${staffOrigin}/api/policies/rollback`;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  console = await ConsoleClient.create(world);
  program = await ConsoleClient.create(world, { ...as, browser: console.browser });
  return () => world.close();
});

const promotion = () =>
  `${staffOrigin}/api/policies/candidates/${newId('pcd', world.ports)}/promotion`;

test('a session in the browser answers for no program: the person does, to each request', async () => {
  await console.signIn(world.anna);
  const { location } = await console.authorize({ prompt: 'none' });
  expect(location.searchParams.get('code')).not.toBeNull();
  for (let time = 0; time < 2; time += 1) {
    const resource = promotion();
    const { page } = await program.authorize({ resource });
    expect(await program.ask(page)).toMatchObject({
      kind: 'step-up',
      act: { kind: 'promote', candidateId: resource.split('/').at(-2) },
    });
    const callback = await program.answer(page, world.anna);
    expect(callback.origin + callback.pathname).toBe(as.redirectUri);
  }
  const stageId = newId('stg', world.ports);
  const { page } = await program.authorize({
    resource: `${staffOrigin}/api/policies/stages/${stageId}/end`,
  });
  expect(await program.ask(page)).toMatchObject({ act: { kind: 'end-stage', stageId } });
  // Nor does it help to ask for no page.
  const silent = await program.authorize({ resource: rollback, prompt: 'none' });
  expect(silent.location.searchParams.get('error')).toBe('login_required');
});

test('nobody but the person who is signed in there can answer', async () => {
  await console.signIn(world.anna);
  const { page } = await program.authorize({ resource: rollback });
  await expect(program.answer(page, world.bela)).rejects.toThrow(/ceremony\.refused/);
});

test('its token is good for the one act that was shown, and nowhere else', async () => {
  await console.signIn(world.anna);
  const act = promotion();
  const { access_token: token } = await program.signIn(world.anna, { resource: act });
  expect(decodeJwt(token)).toMatchObject({ aud: act, client_id: 'command-line', sub: world.anna });
  const at = async (url: string, by = program, held = token) =>
    world.sessions.authenticate.staff(await by.apiRequest(held, url.slice(staffOrigin.length)));
  expect(await at(act)).toMatchObject({ kind: 'staff', subjectId: world.anna });
  const elsewhere = [promotion(), rollback, `${act}/more`].concat(
    ['/api/self', '/api/policies/releases', '/api/policies/candidates'].map((p) => staffOrigin + p),
  );
  for (const url of elsewhere)
    await expect(at(url)).rejects.toMatchObject({ code: 'token.invalid' });
  const service = world.sessions.authenticate.service(
    await program.apiRequest(token, new URL(act).pathname),
  );
  await expect(service).rejects.toMatchObject({ code: 'token.invalid' });
  // The console goes on as before, also at the same addresses.
  const { page, location } = await console.authorize();
  const own = (await console.redeem(page, location)).access_token;
  expect(await at(act, console, own)).toMatchObject({ subjectId: world.anna });
  expect(await at(`${staffOrigin}/api/self`, console, own)).toMatchObject({ kind: 'staff' });
});

test('a token for one act on one service is nothing for another, nor for the list', async () => {
  await console.signIn(world.anna);
  const id = newId('svc', world.ports);
  const at = (path: string) => `${staffOrigin}/api/services${path}`;
  const key = 'k'.repeat(43);
  const acts: Readonly<Record<string, object>> = {
    '': { kind: 'list-services' },
    '/registration': { kind: 'register-service' },
    [`/${id}/remove`]: { kind: 'remove-service', serviceId: id },
    [`/${id}/keys/${key}/retire`]: { kind: 'retire-service-key', serviceId: id },
    [`/${id}/terms`]: { kind: 'widen-service', serviceId: id },
  };
  for (const [path, act] of Object.entries(acts)) {
    const { page } = await program.authorize({ resource: at(path), acr: 'phrh' });
    expect(await program.ask(page)).toMatchObject({ kind: 'step-up', act, acr: 'phrh' });
  }
  const resource = at(`/${id}/suspend`);
  const { access_token: token } = await program.signIn(world.anna, { resource });
  const present = async (url: string) =>
    world.sessions.authenticate.staff(
      await program.apiRequest(token, url.slice(staffOrigin.length)),
    );
  expect(await present(resource)).toMatchObject({ subjectId: world.anna });
  const others = [...Object.keys(acts), `/${newId('svc', world.ports)}/suspend`, `/${id}/resume`];
  for (const path of others) {
    await expect(present(at(path))).rejects.toMatchObject({ code: 'token.invalid' });
  }
  for (const path of [
    `/${id}`,
    `/${id}/constructor`,
    '/svc_1/remove',
    `/${id}/keys/short/retire`,
  ]) {
    const asked = program.authorize({ resource: at(path) });
    await expect(asked).rejects.toMatchObject({ error: 'invalid_target' });
  }
});

test.each([
  ['everything', `${staffOrigin}/api`],
  ['a candidate that cannot be', `${staffOrigin}/api/policies/candidates/x/promotion`],
  ['a stage that cannot be', `${staffOrigin}/api/policies/stages/x/end`],
  ['an act with a query', `${rollback}?sequence=1`],
  ['something that is no act', `${staffOrigin}/api/policies/candidates`],
  ['another server', 'https://evil.example/api/policies/rollback'],
])('it may not ask for %s', async (_what, resource) => {
  await expect(program.authorize({ resource })).rejects.toMatchObject({ error: 'invalid_target' });
});

test('the console may not ask for one act, nor be anybody else’s browser’s end', async () => {
  const asked = console.authorize({ resource: rollback });
  await expect(asked).rejects.toMatchObject({ error: 'invalid_target' });
  for (const redirectUri of [
    'http://evil.example/callback',
    'http://127.0.0.1:39001/other',
    'http://localhost:39001/callback',
  ]) {
    const other = await ConsoleClient.create(world, { ...as, redirectUri });
    await expect(other.authorize({ resource: rollback })).rejects.toMatchObject({
      error_description: expect.stringContaining('redirect_uri'),
    });
  }
});
