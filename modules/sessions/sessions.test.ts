import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { generateDpopKeys } from '@proofline/enforce/client';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { ConsoleClient } from './testing/console-client.ts';
import { createWorld, redirectUri, staffOrigin, type World } from './testing/world.ts';

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
const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (
      error instanceof oidc.ResponseBodyError ||
      error instanceof oidc.AuthorizationResponseError
    ) {
      return error.error;
    }
    return error instanceof Error && 'code' in error ? error.code : error;
  }
};

describe('staff sign-in (OIDC code flow, PAR, PKCE, DPoP)', () => {
  it('ends in a DPoP-bound JWT of one audience that carries the assurance', async () => {
    const tokens = await client.signIn(world.anna, { level: 'phrh' });
    expect(tokens.token_type).toBe('dpop');
    expect(tokens.refresh_token).toBeUndefined();
    expect(decodeProtectedHeader(tokens.access_token).typ).toBe('at+jwt');
    const access = decodeJwt(tokens.access_token);
    expect(access).toMatchObject({
      iss: `${staffOrigin}/oidc`,
      aud: `${staffOrigin}/api`,
      sub: world.anna,
      client_id: 'console',
      acr: 'phrh',
      amr: ['pop', 'hwk', 'user'],
      auth_time: expect.any(Number),
      sid: expect.stringMatching(/^ses_/),
      cnf: { jkt: expect.any(String) },
    });
    expect(access.exp! - access.iat!).toBeLessThanOrEqual(300);
    expect(tokens.claims()).toMatchObject({ sub: world.anna, acr: 'phrh', sid: access['sid'] });
    expect(world.evidence).toMatchObject([
      { kind: 'session.started', refs: { sessionId: access['sid'] }, causes: [expect.any(String)] },
    ]);
  });
  it('lets the token be used at the API with the key that it is bound to, once per proof', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    const { authenticate } = world.sessions;
    const request = await client.apiRequest(token);
    expect(await authenticate.staff(request)).toMatchObject({
      kind: 'staff',
      subjectId: world.anna,
      roles: ['billing-agent'],
    });
    expect(await errorOf(authenticate.staff(request))).toBe('token.proof-replayed');
    const stolen = await client.apiRequest(token, '/api/self', await generateDpopKeys());
    expect(await errorOf(authenticate.staff(stolen))).toBe('token.proof-invalid');
    const elsewhere = { ...(await client.apiRequest(token)), url: `${staffOrigin}/api/people` };
    expect(await errorOf(authenticate.staff(elsewhere))).toBe('token.proof-invalid');
    const bare = await client.apiRequest(token);
    expect(await errorOf(authenticate.staff({ ...bare, dpop: undefined }))).toBe(
      'token.proof-missing',
    );
    expect(await errorOf(authenticate.staff({ ...bare, authorization: `Bearer ${token}` }))).toBe(
      'token.invalid',
    );
    expect(await errorOf(authenticate.staff({ ...bare, authorization: undefined }))).toBe(
      'token.missing',
    );
    expect(await errorOf(authenticate.service(await client.apiRequest(token)))).toBe(
      'token.invalid',
    );
  });
  it('refuses the authorization endpoint without PAR', async () => {
    const url = new URL(`${staffOrigin}/oidc/auth`);
    url.search = new URLSearchParams({
      client_id: 'console',
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString();
    const answer = await client.browser.go(url.href);
    expect(answer.headers.location).toContain('error=invalid_request');
  });
  it('refuses PAR without PKCE, and another redirect URI', async () => {
    const push = (parameters: Record<string, string>) =>
      oidc.buildAuthorizationUrlWithPAR(client.config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        ...parameters,
      });
    expect(await errorOf(push({}))).toBe('invalid_request');
    const challenge = { code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' };
    expect(await errorOf(push({ ...challenge, redirect_uri: 'https://evil.example/' }))).toBe(
      'invalid_request',
    );
    expect(await errorOf(push({ ...challenge, code_challenge_method: 'plain' }))).toBe(
      'invalid_request',
    );
  });
  it('refuses another audience', async () => {
    expect(await errorOf(client.authorize({ resource: 'https://other.example' }))).toBe(
      'invalid_target',
    );
  });
  it('redeems a code once, with its verifier and its key only', async () => {
    const { page } = await client.authorize();
    const callback = await client.answer(page, world.anna);
    const stranger = oidc.getDPoPHandle(client.config, await generateDpopKeys());
    expect(await errorOf(client.redeem(page, callback, stranger))).toBe('invalid_grant');
    const second = await client.authorize();
    const code = second.location;
    expect(await errorOf(client.redeem({ ...second.page, verifier: page.verifier }, code))).toBe(
      'invalid_grant',
    );
    const third = await client.authorize();
    const { access_token: token } = await client.redeem(third.page, third.location);
    expect(await errorOf(client.redeem(third.page, third.location))).toBe('invalid_grant');
    // RFC 6749 §4.1.2: what was issued for a code that comes again is worth nothing any more.
    const request = await client.apiRequest(token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('session.ended');
    expect(world.evidence.at(-1)).toMatchObject({ facts: { because: 'code-replayed' } });
  });
  it('redeems a code once even when two ask at the same moment', async () => {
    const { page } = await client.authorize();
    const callback = await client.answer(page, world.anna);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => client.redeem(page, callback)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
  it('accepts a proof once even when two come at the same moment', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    const request = await client.apiRequest(token);
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => world.sessions.authenticate.staff(request)),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
  it('stores no code, no cookie and no proof that could be used', async () => {
    const { page } = await client.authorize();
    const callback = await client.answer(page, world.anna);
    const { rows } = await sql`
      SELECT * FROM oidc_payloads UNION ALL SELECT * FROM oidc_transients`.execute(storage.db);
    const stored = JSON.stringify(rows);
    expect(stored).toContain(world.anna);
    expect(stored).not.toContain(callback.searchParams.get('code'));
    const secrets = client.browser.cookies.filter(({ name }) => name === 'oidc_session');
    expect(secrets).toHaveLength(1);
    for (const { value } of secrets) expect(stored).not.toContain(value);
  });
  it('issues nothing without a proof of possession', async () => {
    const { page } = await client.authorize();
    const callback = await client.answer(page, world.anna);
    const work = oidc.authorizationCodeGrant(client.config, callback, {
      pkceCodeVerifier: page.verifier,
      expectedState: page.state,
    });
    expect(await errorOf(work)).toBe('invalid_grant');
  });
  it('goes on silently while the session lives', async () => {
    await client.signIn(world.anna);
    const { page, location } = await client.authorize({ prompt: 'none' });
    const tokens = await client.redeem(page, location);
    expect(decodeJwt(tokens.access_token).sub).toBe(world.anna);
    expect(kinds()).toEqual(['session.started']);
  });
  it('asks for a login when nobody is signed in', async () => {
    const { location } = await client.authorize({ prompt: 'none' });
    expect(location.searchParams.get('error')).toBe('login_required');
  });
  it('tells the client when the person leaves the page', async () => {
    const { page } = await client.authorize();
    const reply = await client.ask(page, '/cancel');
    const back = await client.browser.go(String(reply['redirectTo']));
    expect(back.headers.location).toContain('error=access_denied');
  });
  it('does not let another browser answer a sign-in page', async () => {
    const { page } = await client.authorize();
    const other = await ConsoleClient.create(world);
    expect(await other.ask(page)).toMatchObject({ code: 'signin.unknown' });
    const own = await other.authorize();
    expect(own.page.uid).not.toBe(page.uid);
    expect(await other.ask(page, `/finish?subject=${world.anna}`)).toMatchObject({
      code: 'signin.unknown',
    });
  });
  it('lets one page be answered once, and pages side by side each for itself', async () => {
    const first = await client.authorize();
    const second = await client.authorize();
    expect(first.page.uid).not.toBe(second.page.uid);
    expect(await client.ask(first.page)).toMatchObject({ kind: 'login' });
    await client.redeem(first.page, await client.answer(first.page, world.anna));
    const again = await client.ask(first.page, `/finish?subject=${world.anna}`);
    expect(again).toMatchObject({ code: 'signin.unknown' });
  });
  it('refuses whoever is not active, with evidence', async () => {
    world.inactive.add(world.bela);
    const { page } = await client.authorize();
    expect(await client.ask(page, `/finish?subject=${world.bela}`)).toMatchObject({
      code: 'ceremony.refused',
    });
    expect(world.evidence).toMatchObject([
      { kind: 'session.refused', facts: { because: 'active' } },
    ]);
  });
  it('shows problems or a plain page, never a script, and may be framed by its own origin only', async () => {
    const answer = await client.browser.go(`${staffOrigin}/oidc/auth?client_id=nobody`, {
      headers: { accept: 'text/html' },
    });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['x-frame-options']).toBe('SAMEORIGIN');
    expect(answer.headers['content-security-policy']).toContain("frame-ancestors 'self'");
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'signin.unknown' });
    // A person whose browser comes here by itself reads a sentence.
    const over = `${staffOrigin}/oidc/auth?client_id=console&request_uri=urn:ietf:params:oauth:request_uri:over`;
    const visit = { accept: 'text/html,*/*;q=0.8', 'sec-fetch-dest': 'document' };
    const page = await client.browser.go(over, { headers: visit });
    expect(page.status).toBe(400);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-/,
    );
    expect(page.text).toContain('This sign-in cannot go on.');
    expect(page.text).not.toMatch(/<script|request_uri|invalid/);
  });
  it('lets pages of the staff origin ask, and of no other', async () => {
    const push = async (origin: string) => {
      const answer = await client.browser.go(`${staffOrigin}/oidc/request`, {
        method: 'POST',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          client_id: 'console',
          response_type: 'code',
          redirect_uri: redirectUri,
          scope: 'openid',
          code_challenge: 'x'.repeat(43),
          code_challenge_method: 'S256',
        }).toString(),
      });
      return answer.status;
    };
    expect(await push(staffOrigin)).toBe(201);
    expect(await push('https://evil.example')).toBe(400);
    expect(await push('http://customers.localhost:4400')).toBe(400);
  });
  it('has no endpoint that nobody needs', async () => {
    const answer = await client.browser.go(`${staffOrigin}/oidc/.well-known/openid-configuration`);
    const metadata = JSON.parse(answer.text) as Record<string, unknown>;
    expect(Object.keys(metadata).filter((name) => name.endsWith('_endpoint'))).toEqual([
      'authorization_endpoint',
      'end_session_endpoint',
      'token_endpoint',
      'pushed_authorization_request_endpoint',
      'userinfo_endpoint',
      'introspection_endpoint',
      'revocation_endpoint',
      'backchannel_authentication_endpoint',
    ]);
    expect(metadata).toMatchObject({
      issuer: `${staffOrigin}/oidc`,
      acr_values_supported: ['phr', 'phrh'],
    });
  });
});

describe('step-up (acr_values, max_age) and levels', () => {
  it('is asked of the same person again, and raises the session', async () => {
    const first = await client.signIn(world.anna);
    const { page } = await client.authorize({ acr: 'phrh', maxAge: 60 });
    expect(await client.ask(page)).toEqual({
      clientName: 'The Proofline console',
      kind: 'step-up',
      acr: 'phrh',
      maxAgeSeconds: 60,
      subjectId: world.anna,
    });
    const second = await client.redeem(page, await client.answer(page, world.anna, 'phrh'));
    expect(decodeJwt(second.access_token)).toMatchObject({
      acr: 'phrh',
      sid: decodeJwt(first.access_token)['sid'],
    });
    expect(kinds()).toEqual(['session.started', 'session.raised']);
  });
  it('is refused to anybody else and to a weaker passkey', async () => {
    await client.signIn(world.anna);
    const { page } = await client.authorize({ acr: 'phrh' });
    expect(await client.ask(page, `/finish?subject=${world.bela}&acr=phrh`)).toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await client.ask(page, `/finish?subject=${world.anna}&acr=phr`)).toMatchObject({
      code: 'ceremony.refused',
    });
    expect(kinds()).toEqual(['session.started', 'session.refused', 'session.refused']);
  });
  it('answers silently only what the levels already say', async () => {
    await client.signIn(world.anna, { level: 'phrh' });
    const silent = async (options: { acr?: string; maxAge?: number }) =>
      (await client.authorize({ ...options, prompt: 'none' })).location.searchParams.get('error');
    expect(await silent({ acr: 'phrh', maxAge: 60 })).toBeNull();
    world.clock.advance(61_000);
    expect(await silent({ acr: 'phrh', maxAge: 60 })).toBe('login_required');
    expect(await silent({ acr: 'phrh' })).toBeNull();
    expect(await silent({ acr: 'something-else' })).toBe('login_required');
  });
  it('never lowers a level by a later login, and pairs each level with its own time', async () => {
    await client.signIn(world.anna, { level: 'phrh' });
    world.clock.advance(120_000);
    const { page } = await client.authorize({ acr: 'phr', maxAge: 60 });
    const fresh = await client.redeem(page, await client.answer(page, world.anna, 'phr'));
    const access = decodeJwt(fresh.access_token);
    expect(access['acr']).toBe('phr');
    const again = await client.authorize({ acr: 'phrh', prompt: 'none' });
    const kept = decodeJwt((await client.redeem(again.page, again.location)).access_token);
    expect(kept['acr']).toBe('phrh');
    expect(Number(access['auth_time']) - Number(kept['auth_time'])).toBeGreaterThanOrEqual(119);
  });
});

describe('the end of a session', () => {
  const sidOf = (token: string) => decodeJwt(token)['sid'] as never;

  it('refuses its tokens at the next request and asks for a login', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    await world.sessions.registry.endSession(sidOf(token), 'signed-out', world.anna);
    const request = await client.apiRequest(token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('session.ended');
    const { location } = await client.authorize({ prompt: 'none' });
    expect(location.searchParams.get('error')).toBe('login_required');
    expect(kinds()).toEqual(['session.started', 'session.ended']);
    expect(world.endedSessions).toEqual([sidOf(token)]);
  });
  it('happens once', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    await world.sessions.registry.endSession(sidOf(token), 'signed-out');
    await world.sessions.registry.endSession(sidOf(token), 'signed-out');
    expect(kinds()).toEqual(['session.started', 'session.ended']);
  });
  it('stops a code that is still on its way', async () => {
    const { page } = await client.authorize();
    const callback = await client.answer(page, world.anna);
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    await world.sessions.registry.endSession(session!.sessionId, 'signed-out');
    expect(await errorOf(client.redeem(page, callback))).toBe('invalid_grant');
  });
  it('comes by itself after four idle hours, for which it has been locked', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    world.clock.advance(4 * 60 * 60_000 - 1000);
    expect(await world.sessions.registry.findLive(sidOf(token))).toMatchObject({ locked: true });
    world.clock.advance(1000);
    expect(await world.sessions.registry.findLive(sidOf(token))).toBeUndefined();
    const { location } = await client.authorize({ prompt: 'none' });
    expect(location.searchParams.get('error')).toBe('login_required');
  });
  it('comes when the colleague is no longer active', async () => {
    const { access_token: token } = await client.signIn(world.anna);
    world.inactive.add(world.anna);
    const request = await client.apiRequest(token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('session.ended');
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'session.ended',
      facts: { because: 'not-active' },
    });
  });
  it('comes when somebody else takes over the browser', async () => {
    const first = await client.signIn(world.anna);
    const second = await client.signIn(world.bela, { prompt: 'login' });
    expect(decodeJwt(second.access_token).sub).toBe(world.bela);
    const request = await client.apiRequest(first.access_token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('session.ended');
    await world.sessions.authenticate.staff(await client.apiRequest(second.access_token));
    expect(kinds()).toEqual(['session.started', 'session.ended', 'session.started']);
  });
});
