import { decodeJwt } from 'jose';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isId, type Id } from '@proofline/kernel';
import { ProblemError, signInModes, type SignInMode } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { limitsOf } from './domain/session-limits.ts';
import { migrations } from './index.ts';
import { ConsoleClient } from './testing/console-client.ts';
import { keepInUse } from './testing/keep-in-use.ts';
import { createWorld, staffOrigin, type World } from './testing/world.ts';

const MINUTE = 60_000;

let storage: Storage;
let world: World;
let client: ConsoleClient;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  client = await ConsoleClient.create(world);
  return () => world.close();
});

const kinds = () => world.evidence.map((entry) => entry.kind);
const codeOf = async (work: Promise<unknown>) =>
  work.then(
    () => 'taken',
    (error: unknown) => (error instanceof ProblemError ? error.code : String(error)),
  );
const use = async (token: string) =>
  codeOf(world.sessions.authenticate.staff(await client.apiRequest(token)));
const silently = async (options: { acr?: string; maxAge?: number } = {}) =>
  (await client.authorize({ ...options, prompt: 'none' })).location.searchParams.get('error');

/** Somebody signed in, and their session. */
async function seated(as: ConsoleClient = client) {
  const { access_token: token } = await as.signIn(world.anna);
  const sessionId = decodeJwt(token)['sid'];
  if (!isId('ses', sessionId)) throw new Error('a session');
  return { token, sessionId };
}

/** Somebody's desk is one at which people sign in like this. */
function worksAt(subjectId: Id<'stf'>, mode: SignInMode) {
  world.deskModes[mode] = mode;
  world.desks.set(subjectId, mode);
}

/** A touch of the passkey in the same browser, as the lock screen asks for it. */
async function touch(subject: Id<'stf'> = world.anna) {
  const { page } = await client.authorize({ acr: 'phr', maxAge: 0 });
  const asked = await client.ask(page);
  return { page, asked, answer: () => client.answer(page, subject) };
}

describe('a locked session', () => {
  it('takes nothing but a touch of its own passkey, and goes on where it was', async () => {
    const { token, sessionId } = await seated();
    await world.sessions.registry.lockSession(sessionId, 'by-hand');
    expect(await use(token)).toBe('session.locked');
    expect(await silently()).toBe('login_required');
    expect(await silently({ acr: 'phr' })).toBe('login_required');
    expect(await silently({ maxAge: 3600 })).toBe('login_required');
    const { asked, answer, page } = await touch();
    expect(asked).toMatchObject({ kind: 'step-up', subjectId: world.anna, locked: true });
    const fresh = await client.redeem(page, await answer());
    expect(decodeJwt(fresh.access_token)['sid']).toBe(sessionId);
    expect(await use(fresh.access_token)).toBe('taken');
    // Another tab’s token, from before.
    expect(await use(token)).toBe('taken');
    expect((await touch()).asked).not.toHaveProperty('locked');
    expect(await silently()).toBeNull();
    expect(kinds()).toEqual([
      'session.started',
      'session.locked',
      'session.raised',
      'session.unlocked',
    ]);
    expect(world.lockedSessions).toEqual([sessionId]);
  });
  it('is not unlocked by anybody else, nor by its cookie alone', async () => {
    const { token, sessionId } = await seated();
    await world.sessions.registry.lockSession(sessionId, 'by-hand');
    const { page } = await touch();
    expect(await client.ask(page, `/finish?subject=${world.bela}`)).toMatchObject({
      code: 'ceremony.refused',
    });
    // Whoever has the cookies has pages that ask for the passkey, and no way around them.
    for (const options of [{}, { acr: 'phr' }, { maxAge: 3600 }]) {
      const { location } = await client.authorize(options);
      expect(location.pathname).toMatch(/^\/sign-in\//);
    }
    expect(await use(token)).toBe('session.locked');
    expect(await world.sessions.registry.findLive(sessionId)).toMatchObject({ locked: true });
  });
  it('redeems no code that was on its way, and is locked once', async () => {
    const { page, location } = await (async () => {
      await seated();
      return client.authorize({ prompt: 'none' });
    })();
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    await world.sessions.registry.lockSession(session!.sessionId, 'by-hand');
    await world.sessions.registry.lockSession(session!.sessionId, 'idle');
    await expect(client.redeem(page, location)).rejects.toMatchObject({ error: 'invalid_grant' });
    expect(kinds().filter((kind) => kind === 'session.locked')).toHaveLength(1);
  });
  it('gives way to somebody else, who signs in instead, and is over then', async () => {
    const { token, sessionId } = await seated();
    await world.sessions.registry.lockSession(sessionId, 'by-hand');
    const second = await client.signIn(world.bela, { prompt: 'login' });
    expect(decodeJwt(second.access_token).sub).toBe(world.bela);
    expect(await use(token)).toBe('session.ended');
    expect(await use(second.access_token)).toBe('taken');
  });
  it('ends at its absolute end, and a touch after it begins another one', async () => {
    // At a kiosk: there the issuer’s own session, of ten hours, outlasts it.
    worksAt(world.anna, 'kiosk');
    const { sessionId } = await seated();
    // Always in use as far as that; then locked for the last minutes.
    world.clock.advance(27 * MINUTE);
    await keepInUse(storage, world.clock, sessionId);
    await world.sessions.registry.lockSession(sessionId, 'by-hand');
    world.clock.advance(2 * MINUTE);
    expect(await world.sessions.registry.findLive(sessionId)).toMatchObject({ locked: true });
    world.clock.advance(MINUTE);
    expect(await world.sessions.registry.findLive(sessionId)).toBeUndefined();
    expect(await silently()).toBe('login_required');
    const { page, asked, answer } = await touch();
    expect(asked).toMatchObject({ kind: 'login' });
    const fresh = await client.redeem(page, await answer());
    expect(decodeJwt(fresh.access_token)['sid']).not.toBe(sessionId);
    expect(world.evidence.find(({ kind }) => kind === 'session.ended')).toMatchObject({
      facts: { because: 'absolute-limit' },
    });
  });
  it('is over at once when its colleague is no longer active', async () => {
    const { token, sessionId } = await seated();
    await world.sessions.registry.lockSession(sessionId, 'by-hand');
    world.inactive.add(world.anna);
    expect(await use(token)).toBe('session.ended');
  });
});

describe('a session that is left alone', () => {
  it('locks by itself, with evidence at the first request that comes too late', async () => {
    await seated();
    world.clock.advance(9 * MINUTE);
    expect(await silently()).toBeNull();
    world.clock.advance(MINUTE);
    expect(await silently()).toBe('login_required');
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    expect(session).toMatchObject({ locked: true });
    const { page, answer } = await touch();
    const fresh = await client.redeem(page, await answer());
    expect(fresh.access_token).toBeDefined();
    expect(await silently()).toBeNull();
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'session.unlocked',
      facts: { because: 'idle' },
    });
  });
});

describe('somebody who left without locking', () => {
  const leftAlone = async (sessionId: Id<'ses'>) => {
    const facts = world.sessions.facts.find(({ name }) => name === 'session')!;
    const subject = { type: 'Staff', id: world.anna };
    const resource = { type: 'Workforce', id: '*' };
    const known = await facts.gather({ subject, sessionId, action: 'approval:decide', resource });
    return Number(known?.values['leftAloneSeconds']);
  };
  /** Nobody has done anything for so long. The issuer reads the machine’s clock, so what is noted is moved. */
  const leave = async (sessionId: Id<'ses'>, minutes: number) => {
    const at = new Date(world.clock.now() - minutes * MINUTE);
    await sql`UPDATE sessions SET last_seen_at = ${at} WHERE session_id = ${sessionId}`.execute(
      storage.db,
    );
  };

  it('was away until their own passkey is touched, whatever else is done there', async () => {
    const { token, sessionId } = await seated();
    expect(await leftAlone(sessionId)).toBeLessThan(60);
    await leave(sessionId, 6);
    expect(await leftAlone(sessionId)).toBeGreaterThanOrEqual(360);
    // A harmless request is taken, and hides nothing; nor do several.
    for (let count = 0; count < 3; count += 1) {
      expect(await use(token)).toBe('taken');
      await leave(sessionId, 2);
      expect(await leftAlone(sessionId)).toBeOneOf([360, 361, 362, 363, 364, 365]);
    }
    const { page, answer } = await touch();
    await client.redeem(page, await answer());
    expect(await leftAlone(sessionId)).toBeLessThan(60);
  });
  it('is not there because their page renews what it shows', async () => {
    const { token, sessionId } = await seated();
    const renew = async () =>
      world.sessions.authenticate.staff({ ...(await client.apiRequest(token)), unattended: true });
    await leave(sessionId, 9);
    expect(await renew()).toMatchObject({ subjectId: world.anna });
    expect(await leftAlone(sessionId)).toBeGreaterThanOrEqual(540);
    await leave(sessionId, 10);
    expect(await codeOf(renew())).toBe('session.locked');
  });
});

describe('where somebody signs in', () => {
  const sessionOf = async (as: ConsoleClient) => {
    const { access_token: token } = await as.signIn(world.anna);
    const live = await world.sessions.registry.findLive(decodeJwt(token)['sid'] as Id<'ses'>); // ours
    return live!;
  };

  it('decides how long a session lasts', async () => {
    for (const mode of signInModes) {
      worksAt(world.anna, mode);
      const session = await sessionOf(await ConsoleClient.create(world));
      expect(session.mode).toBe(mode);
      const lasts = session.expiresAtMs - session.startedAtMs;
      expect(lasts).toBe(limitsOf('workforce', mode).absoluteSeconds * 1000);
      world.clock.advance(limitsOf('workforce', mode).lockSeconds * 1000);
      const later = await world.sessions.registry.findLive(session.sessionId);
      expect(later).toMatchObject({ locked: true });
    }
  });
  it('is nothing that a browser could say: no parameter, no header, no cookie lengthens', async () => {
    worksAt(world.bela, 'kiosk');
    client.browser.plant('__Host-mode', 'personal');
    const { page } = await client.authorize();
    const url = `${staffOrigin}/api/sign-in/${page.uid}/finish?subject=${world.bela}&mode=personal`;
    const answered = await client.browser.go(url, { headers: { 'x-mode': 'personal' } });
    expect(answered.status).toBe(200);
    const [session] = await world.sessions.registry.liveSessionsOf(world.bela);
    expect(session).toMatchObject({ mode: 'kiosk' });
  });
  it('shortens a session that goes on there, and no later proof gives the time back', async () => {
    const begun = await sessionOf(client);
    expect(begun.mode).toBe('personal');
    for (const mode of ['kiosk', 'personal'] as const) {
      worksAt(world.anna, mode);
      const { page, answer } = await touch();
      await client.redeem(page, await answer());
      expect(await world.sessions.registry.findLive(begun.sessionId)).toMatchObject({
        mode: 'kiosk',
        expiresAtMs: begun.startedAtMs + 30 * MINUTE,
      });
    }
  });
});
