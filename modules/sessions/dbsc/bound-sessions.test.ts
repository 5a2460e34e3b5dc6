import { isId, newId, type Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { Browser, type Exchange } from '../testing/browser.ts';
import { ApplicationClient, toolCallback } from '../testing/application-client.ts';
import { ConsoleClient } from '../testing/console-client.ts';
import {
  callDbsc,
  challengeFor,
  challengeIn,
  holdDeviceKey,
  type DeviceKeyHolder,
} from '../testing/device-key.ts';
import { keepInUse } from '../testing/keep-in-use.ts';
import { createWorld, redirectUri, staffOrigin, type World } from '../testing/world.ts';
import { sessionCookieName } from '../oidc/session-cookie-name.ts';
import { boundCookieName, refreshPath, registrationPath } from './names.ts';

let storage: Storage;
let world: World;
let client: ConsoleClient;
let sessionId: Id<'ses'>;
let device: DeviceKeyHolder;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  client = await ConsoleClient.create(world);
  device = await holdDeviceKey();
  const { sid } = decodeJwt((await client.signIn(world.anna)).access_token);
  if (!isId('ses', sid)) throw new Error('no session');
  sessionId = sid;
  return () => world.close();
});

const refusals = () =>
  world.evidence
    .filter(({ kind }) => kind === 'session.refused')
    .map(({ facts }) => facts?.['because']);
const headersOf = (browser: Browser) =>
  browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');

/** Somebody in another browser with these cookies, and with the console’s very key as well. */
async function silentlyWith(cookie: string): Promise<string | null> {
  const thief = await ConsoleClient.create(world);
  Object.assign(thief, { keys: client.keys });
  const { location } = await thief.authorize({ prompt: 'none', headers: { cookie } });
  return location.searchParams.get('error');
}

async function silently(as = client): Promise<string | null> {
  return (await as.authorize({ prompt: 'none' })).location.searchParams.get('error');
}

describe('a session that a device holds', () => {
  it('goes on in that browser, and nowhere else once a copied cookie has run out', async () => {
    const bound = await device.register(client.browser, challengeFor(sessionId));
    expect(bound.status).toBe(200);
    expect(JSON.parse(bound.text)).toMatchObject({
      session_identifier: sessionId,
      refresh_url: refreshPath,
      credentials: [{ type: 'cookie', name: boundCookieName }],
    });
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'session.bound',
      causes: [expect.any(String)],
      refs: { sessionId },
      facts: { to: 'device-key', alg: 'ES256' },
    });
    expect(await silently()).toBeNull();
    const stolen = headersOf(client.browser);
    expect(await silentlyWith(stolen)).toBeNull();
    world.clock.advance(10 * 60_000 + 1);
    await keepInUse(storage, world.clock, sessionId);
    expect(await silentlyWith(stolen)).toBe('login_required');
    // Its own browser is asked for a proof as well, and gives it.
    expect(await silently()).toBe('login_required');
    const asked = await device.refresh(client.browser, { sessionId });
    expect(asked.status).toBe(403);
    const challenge = challengeIn(asked);
    expect((await device.refresh(client.browser, { sessionId, challenge })).status).toBe(200);
    expect(await silently()).toBeNull();
    expect(await silentlyWith(stolen)).toBe('login_required');
    expect(refusals()).toEqual(['device-key']);
  });

  it('is never again one without: whatever a request leaves out, says it is, or shows', async () => {
    await device.register(client.browser, challengeFor(sessionId));
    const long = headersOf(client.browser)
      .split('; ')
      .filter((pair) => !pair.startsWith(boundCookieName))
      .join('; ');
    const name = sessionCookieName(staffOrigin);
    const written = (write: (value: string) => string, before = '') =>
      before + long.replace(/(oidc_session)=([^;]*)/, (_all, of, value) => of + write(value));
    for (const cookie of [
      long,
      `${long}; ${boundCookieName}=`,
      `${long}; ${boundCookieName}=9999999999.${'A'.repeat(43)}`,
      `${boundCookieName}=x; ${long}; ${boundCookieName}=y`,
      // The library takes the first character and the last one off a value that begins with a quote.
      written((value) => `="${value}"`),
      written((value) => `="${value}x`),
      // It sees no cookie after a tab, and so another one of several than whoever does.
      written((value) => `=${value}`, `\t${name}=x; `.repeat(4)),
      written((value) => `=${value}; ${name}=x`),
      written((value) => `=${value} `),
      written(
        (value) => `=${value.replace(/^./, (first) => `%${first.codePointAt(0)?.toString(16)}`)}`,
      ),
    ])
      expect(await silentlyWith(cookie)).toBe('login_required');
    // Nor does a page of its own tell whose session it is.
    const thief = await ConsoleClient.create(world);
    const { page } = await thief.authorize({ headers: { cookie: long, 'user-agent': 'Netscape' } });
    const told = await thief.ask(page);
    expect(told).toMatchObject({ kind: 'login' });
    expect(JSON.stringify(told)).not.toContain(world.anna);
    expect(await silently()).toBeNull();
  });

  it('opens applications in that browser only, which may come from their own pages', async () => {
    const tool = await ApplicationClient.create(world, { browser: client.browser });
    const silent = async () => {
      const { location } = await tool.authorize({ prompt: 'none' });
      return location.searchParams.get('error');
    };
    expect(await silent()).toBeNull();
    const bound = await device.register(client.browser, challengeFor(sessionId));
    const told = JSON.parse(bound.text) as Record<string, string[]>; // the draft’s form
    expect(told['allowed_refresh_initiators']).toContain(new URL(toolCallback).hostname);
    expect(await silent()).toBeNull();
    world.clock.advance(10 * 60_000 + 1);
    expect(await silent()).toBe('login_required');
  });

  it('keeps its first key: a second registration is refused, and noted', async () => {
    const thief = await holdDeviceKey();
    await device.register(client.browser, challengeFor(sessionId));
    const second = await thief.register(new Browser(world.port), challengeFor(sessionId));
    expect([second.status, second.headers['set-cookie']]).toEqual([400, undefined]);
    expect(refusals()).toEqual(['bound-already']);
    const challenge = challengeFor(sessionId, 'refresh');
    expect((await thief.refresh(client.browser, { sessionId, challenge })).status).toBe(400);
    expect((await device.refresh(client.browser, { sessionId, challenge })).status).toBe(200);
  });

  it('is bound once, even when two keys come at the same moment', async () => {
    const thief = await holdDeviceKey();
    const answers = await Promise.all(
      [device, thief].map((one) => one.register(client.browser, challengeFor(sessionId))),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 400]);
  });
});

test('the list says what each session is bound to, and that a copy of its cookie was refused', async () => {
  await device.register(client.browser, challengeFor(sessionId));
  const other = await ConsoleClient.create(world);
  await other.signIn(world.bela);
  const program = await ConsoleClient.create(world, {
    clientId: 'command-line',
    redirectUri: 'http://127.0.0.1/callback',
  });
  const resource = `${staffOrigin}/api/policies/rollback`;
  await program.signIn(world.bela, { resource });
  const long = headersOf(client.browser).replace(boundCookieName, 'nothing');
  expect(await silentlyWith(long)).toBe('login_required');
  const { listLive } = world.sessions.registry;
  const hers = await listLive(world.anna);
  expect(hers.sessions).toMatchObject([
    { sessionId, boundTo: 'device-key', refusedAtMs: expect.any(Number) },
  ]);
  const his = await listLive(world.bela);
  expect(his.sessions.map(({ boundTo }) => boundTo).toSorted()).toEqual(['console-key', 'cookie']);
  expect(his.total).toEqual({ count: 2, isExact: true });
  world.clock.advance(11 * 60 * 60_000);
  expect((await listLive(world.anna)).sessions).toEqual([]);
});

describe('a proof of the device’s key', () => {
  beforeEach(async () => {
    await device.register(client.browser, challengeFor(sessionId));
  });

  it('is good once: not again, not twice at once, not in another process', async () => {
    const other = await createWorld(storage);
    try {
      const challenge = challengeFor(sessionId, 'refresh');
      const proof = await device.prove(challenge);
      const headers = { 'sec-secure-session-id': sessionId, 'secure-session-response': proof };
      const send = (port: number) => callDbsc(new Browser(port), refreshPath, headers);
      const answers = await Promise.all([world.port, other.port, world.port].map(send));
      expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([
        200, 403, 403,
      ]);
      const again = await send(other.port);
      expect([again.status, again.headers['set-cookie']]).toEqual([403, undefined]);
      // Whoever crossed with another refresh signs the new challenge, and goes on.
      const next = await device.refresh(client.browser, {
        sessionId,
        challenge: challengeIn(again),
      });
      expect(next.status).toBe(200);
      expect(refusals()).toEqual([]);
    } finally {
      await other.close();
    }
  });

  it('by a foreign key gets no cookie, and leaves one entry however often it comes', async () => {
    const thief = await holdDeviceKey();
    for (let time = 0; time < 3; time += 1) {
      const challenge = challengeFor(sessionId, 'refresh');
      const answer = await thief.refresh(client.browser, { sessionId, challenge });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([400, undefined]);
    }
    expect(refusals()).toEqual(['device-key']);
    world.clock.advance(61_000);
    const challenge = challengeFor(sessionId, 'refresh', world.clock.now() + 60_000);
    await thief.refresh(client.browser, { sessionId, challenge });
    expect(refusals()).toEqual(['device-key', 'device-key']);
  });

  it('is worth nothing after the session', async () => {
    await world.sessions.registry.endSession(sessionId, 'ended-by-colleague');
    const challenge = challengeFor(sessionId, 'refresh');
    const late = await device.refresh(client.browser, { sessionId, challenge });
    expect([late.status, late.headers['set-cookie']]).toEqual([401, undefined]);
    expect((await device.register(client.browser, challengeFor(sessionId))).status).toBe(401);
    expect(await silently()).toBe('login_required');
  });

  it('is asked of everybody alike who names a session: bound or not, live or not, or none', async () => {
    const other = await ConsoleClient.create(world);
    const { sid } = decodeJwt((await other.signIn(world.bela)).access_token);
    const thief = await holdDeviceKey();
    const formOf = ({ headers, status, text }: Exchange) => {
      const { date: _date, 'secure-session-challenge': challenge, ...rest } = headers;
      return {
        rest,
        status,
        text,
        // Its random parts and the second in which it ends say when it was asked for, no more.
        challenge: String(challenge ?? '').replaceAll(/[\w-]{16,}|\d{10}/g, 'x'),
      };
    };
    const ask = async (name: Id<'ses'>) => {
      const asks = (given?: string) =>
        callDbsc(new Browser(world.port), refreshPath, {
          'sec-secure-session-id': `"${name}"`,
          ...(given !== undefined && { 'secure-session-response': given }),
        });
      const first = await asks();
      expect(first.status).toBe(403);
      const late = challengeFor(name, 'refresh', Date.now() - 1);
      const answers = [first, await asks('x.y.z'), await asks(await thief.prove(late))];
      answers.push(await asks(await thief.prove(challengeIn(first))));
      return answers.map(formOf);
    };
    const bound = await ask(sessionId);
    expect(bound.map(({ status }) => status)).toEqual([403, 403, 403, 400]);
    if (!isId('ses', sid)) throw new Error('no session');
    expect(await ask(sid)).toEqual(bound);
    expect(await ask(newId('ses', world.ports))).toEqual(bound);
    // Nor does it make the owner believe that somebody has a copy of the cookie.
    expect(refusals()).toEqual([]);
    await world.sessions.registry.endSession(sessionId, 'ended-by-colleague');
    expect(await ask(sessionId)).toEqual(bound);
  });

  it('is asked of nobody who names no session at all', async () => {
    const ask = (headers: Record<string, string>) => callDbsc(client.browser, refreshPath, headers);
    expect((await ask({ 'sec-secure-session-id': 'ses_unknown' })).status).toBe(400);
    expect((await ask({})).status).toBe(400);
    expect((await callDbsc(client.browser, registrationPath, {})).status).toBe(400);
    const read = await client.browser.go(staffOrigin + refreshPath);
    expect(read.status).toBe(404);
  });
});

describe('a session in a browser that binds nothing', () => {
  it('answers for the console’s key only: a copy of the cookies gets no token', async () => {
    const thief = await ConsoleClient.create(world, {
      clientId: 'console',
      redirectUri,
      browser: client.browser,
    });
    for (let time = 0; time < 3; time += 1) expect(await silently(thief)).toBe('login_required');
    expect(refusals()).toEqual(['console-key']);
    expect(world.evidence.at(-1)).toMatchObject({
      refs: { sessionId },
      subjects: { owner: world.anna },
    });
    // With a page, too, it takes the person’s own passkey.
    const { page } = await thief.authorize();
    expect(await thief.ask(page)).toMatchObject({ kind: 'step-up' });
    await expect(thief.answer(page, world.bela)).rejects.toThrow(/ceremony\.refused/);
    expect(await silently()).toBeNull();
  });

  it('is asked for by the console’s own pages only: a link that somebody sent gets no page', async () => {
    const lured = await ConsoleClient.create(world);
    for (const site of ['cross-site', 'same-site', 'none']) {
      for (const prompt of ['none', 'login']) {
        const headers = { 'sec-fetch-site': site, cookie: headersOf(client.browser) };
        const { location } = await lured.authorize({ prompt, headers });
        expect(location.searchParams.get('error')).toBe('access_denied');
      }
    }
    expect(refusals()).toEqual([]);
    const own = await client.authorize({ headers: { 'sec-fetch-site': 'same-origin' } });
    expect(own.location.searchParams.get('error')).toBeNull();
  });

  it('goes over to another key when its person touches the passkey there', async () => {
    const anew = await ConsoleClient.create(world, {
      clientId: 'console',
      redirectUri,
      browser: client.browser,
    });
    const { sid } = decodeJwt((await anew.signIn(world.anna)).access_token);
    expect(sid).toBe(sessionId);
    expect(await silently(anew)).toBeNull();
    expect(await silently()).toBe('login_required');
  });

  it('that began elsewhere than in the console answers for no key yet', async () => {
    const program = await ConsoleClient.create(world, {
      clientId: 'command-line',
      redirectUri: 'http://127.0.0.1/callback',
    });
    const resource = `${staffOrigin}/api/policies/rollback`;
    await program.signIn(world.bela, { resource });
    const console = await ConsoleClient.create(world, {
      clientId: 'console',
      redirectUri,
      browser: program.browser,
    });
    expect(await silently(console)).toBe('login_required');
    expect(refusals()).toEqual([]);
  });
});
