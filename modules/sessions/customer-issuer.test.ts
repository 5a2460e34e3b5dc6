import { decodeJwt, decodeProtectedHeader } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, type Id } from '@proofline/kernel';
import type { AgreedApplication } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { customerCookieName, migrations } from './index.ts';
import { ApplicationClient, callAsAdmin } from './testing/application-client.ts';
import { Browser } from './testing/browser.ts';
import { ConsoleClient } from './testing/console-client.ts';
import { createCustomersSide, errorOf, bodyOf, type Given } from './testing/customers-side.ts';
import {
  createWorld,
  customersIssuerUrl,
  issuerUrl,
  staffOrigin,
  type World,
} from './testing/world.ts';

let storage: Storage;
let world: World;
let cora: Id<'cus'>;
let side: ReturnType<typeof createCustomersSide>;
beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  cora = newId('cus', world.ports);
  side = createCustomersSide(world);
  return () => world.close();
});

describe('a customer signs in to an application', () => {
  it('under a name that is theirs there alone, and tells no more than was asked and agreed', async () => {
    const first = await side.portal();
    const tokens = await first.signIn(cora);
    const claims = tokens.claims();
    expect(claims?.iss).toBe(customersIssuerUrl);
    expect(claims).toMatchObject({ acr: 'phr', aud: first.clientId });
    expect(JSON.stringify(claims)).not.toMatch(/cus_|ses_/);
    expect(await first.userInfo(tokens.access_token, claims?.sub ?? '')).toEqual({
      sub: claims?.sub,
      sid: claims?.['sid'],
    });
    const { browser } = first;
    const told = await side.portal({
      browser,
      settings: { redirectUris: ['https://shop.example/callback'] },
    });
    const more = await told.signIn(cora, { scope: 'openid profile account' });
    const { sub = '', ...others } = { ...more.claims() };
    const sid = others['sid'];
    expect(sub).not.toBe(claims?.sub);
    // It is one session, and neither of the two can tell by it that their customers are one.
    expect(sid).not.toBe(claims?.['sid']);
    expect(await told.userInfo(more.access_token, sub)).toEqual({
      sub,
      sid,
      name: 'Cora Test',
      account_number: 'N-1001',
    });
    // Two applications of one host are one to the customer (OpenID Connect Core §8.1).
    const sister = await side.portal({ browser });
    const again = await sister.authorize();
    const same = await sister.redeem(again, await sister.answer(again, cora));
    expect(same.claims()?.sub).toBe(claims?.sub);
  });

  it('agrees once, to what they saw, and is asked again for anything else', async () => {
    const shop = await side.portal();
    const begun = await shop.authorize({ scope: 'openid profile' });
    const { name } = shop.application;
    expect(await shop.page(begun)).toMatchObject({
      agreed: false,
      terms: { name, host: 'tool.example', learns: ['name'] },
    });
    const terms = await shop.page(begun, `/finish?subject=${cora}&terms=other`);
    expect(terms).toMatchObject({ code: 'signin.unknown' });
    await shop.redeem(begun, await shop.answer(begun, cora));
    const silent = await shop.authorize({ scope: 'openid profile', prompt: 'none' });
    await shop.redeem(silent, silent.location);
    const less = await shop.authorize({ prompt: 'none' });
    await shop.redeem(less, less.location);
    const more = await shop.authorize({ scope: 'openid account', prompt: 'none' });
    expect(more.location.searchParams.get('error')).toBe('consent_required');
    // Under another name it is another application to whoever agreed.
    const body = { ...bodyOf(shop), name: 'Something else' };
    const params = { applicationId: shop.clientId };
    await callAsAdmin(world, 'applications.change', { params, body });
    const renamed = await shop.authorize({ scope: 'openid profile', prompt: 'none' });
    expect(renamed.location.searchParams.get('error')).toBe('consent_required');
    const consents = world.evidence.filter(({ kind }) => kind === 'application.consented');
    expect(consents).toMatchObject([
      { subjects: { customer: cora }, facts: { learns: ['name'], host: 'tool.example' } },
    ]);
    const signed = world.evidence.filter(({ kind }) => kind === 'application.signed-in');
    expect(signed.every(({ causes }) => causes?.includes(consents[0]!.evidenceId))).toBe(true);
  });

  it('may not be asked for what the application is not registered to learn', async () => {
    const shop = await side.portal({ settings: { mayLearn: ['name'] } });
    expect(await errorOf(shop.authorize({ scope: 'openid account' }))).toBe('invalid_scope');
    // A token for an API is nothing that its customers read of; nor is there a page of consent alone.
    const api = 'https://records.example/';
    expect(await errorOf(shop.authorize({ resource: api }))).toBe('invalid_target');
    expect(await errorOf(shop.authorize({ prompt: 'consent' }))).toBe('invalid_request');
  });

  it('has one session, at the own page and at the issuer, which ends in both together', async () => {
    const shop = await side.portal({
      settings: { backchannelLogoutUri: 'https://tool.example/out' },
    });
    const tokens = await shop.signIn(cora);
    const self = await side.customerOf(shop.browser);
    expect(self.customerId).toBe(cora);
    await world.sessions.customerSessions.end(self.sessionId);
    const sub = tokens.claims()?.sub ?? '';
    expect(await errorOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    const silent = await shop.authorize({ prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('login_required');
    await world.sessions.deliverLogouts();
    const { token = '' } = world.logouts.told[0] ?? {};
    expect(decodeJwt(token)).toMatchObject({
      iss: customersIssuerUrl,
      aud: shop.clientId,
      sub,
      sid: tokens.claims()?.['sid'],
    });
    const { kid } = decodeProtectedHeader(token);
    expect(kid).toBe(decodeProtectedHeader(tokens.id_token ?? '').kid);
  });

  it('keeps the session of the own page, and no other customer’s', async () => {
    const shop = await side.portal();
    const begun = await storage.transaction((tx) =>
      world.sessions.customerSessions.start(tx, {
        customerId: cora,
        acr: 'phr',
        authenticatorId: newId('ath', world.ports),
        authenticatorEvidenceId: newId('evt', world.ports),
      }),
    );
    shop.browser.plant(customerCookieName, begun.cookieSecret);
    const tokens = await shop.signIn(cora);
    expect((await side.customerOf(shop.browser)).sessionId).toBe(begun.sessionId);
    const dora = newId('cus', world.ports);
    await shop.signIn(dora, { prompt: 'login' });
    expect(await side.customerOf(shop.browser)).toMatchObject({ customerId: dora });
    expect(await world.sessions.registry.findLive(begun.sessionId)).toBeUndefined();
    const sub = tokens.claims()?.sub ?? '';
    expect(await errorOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
  });

  it('signs out there, and leaves without anybody learning anything', async () => {
    const after = 'https://tool.example/bye';
    const shop = await side.portal({ settings: { postLogoutRedirectUris: [after] } });
    const tokens = await shop.signIn(cora);
    const back = await shop.signOut(tokens.id_token ?? '', { post_logout_redirect_uri: after });
    expect(back.href).toContain(after);
    expect(await errorOf(side.customerOf(shop.browser))).toBe('session.ended');
    const begun = await shop.authorize();
    const left = await shop.page(begun, '/cancel');
    const { headers } = await shop.browser.go(String(left['redirectTo']));
    const params = new URL(headers.location ?? '').searchParams;
    expect(params.get('error')).toBe('access_denied');
    expect(params.get('iss')).toBe(customersIssuerUrl);
  });
});

describe('what a customer takes back', () => {
  it('makes codes and tokens worthless at once, everywhere, and they do not come back', async () => {
    const shop = await side.portal({
      settings: { backchannelLogoutUri: 'https://tool.example/out' },
    });
    const tokens = await shop.signIn(cora);
    const sub = tokens.claims()?.sub ?? '';
    const list = () =>
      side.callAs<{ applications: AgreedApplication[] }>(cora, 'customer.applications');
    const { applicationId } = shop.application;
    expect((await list()).applications).toMatchObject([{ applicationId, learns: [] }]);
    const pending = await shop.authorize({ prompt: 'none' });
    const params = { applicationId };
    // What somebody else takes back is not theirs.
    const dora = newId('cus', world.ports);
    await side.callAs(dora, 'customer.applications.withdraw', { params });
    await shop.userInfo(tokens.access_token, sub);
    await side.callAs(cora, 'customer.applications.withdraw', { params });
    expect((await list()).applications).toEqual([]);
    expect(await errorOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    expect(await errorOf(shop.redeem(pending, pending.location))).toBe('invalid_grant');
    expect(await oidc.tokenIntrospection(shop.config, tokens.access_token)).toEqual({
      active: false,
    });
    const silent = await shop.authorize({ prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('consent_required');
    await world.sessions.deliverLogouts();
    expect(world.logouts.told.map(({ token }) => decodeJwt(token).sub)).toEqual([sub]);
    const anew = await shop.signIn(cora);
    await shop.userInfo(anew.access_token, sub);
    expect(await errorOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    const kinds = world.evidence.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith('application.consent'))).toEqual([
      'application.consented',
      'application.consent-withdrawn',
      'application.consented',
    ]);
    // The same session ends now: its application is told of that as well.
    await world.sessions.customerSessions.end((await side.customerOf(shop.browser)).sessionId);
    await world.sessions.deliverLogouts();
    expect(world.logouts.told).toHaveLength(2);
  });

  it('is not needed where the passkey is removed, or the customer is no more', async () => {
    const shop = await side.portal();
    const tokens = await shop.signIn(cora);
    const sub = tokens.claims()?.sub ?? '';
    const { refs } = world.evidence.findLast(({ kind }) => kind === 'session.started') ?? {};
    // Minted by the page of this world.
    const authenticatorId = refs?.['authenticatorId'] as Id<'ath'>;
    const removed = { authenticatorId, subjectId: cora };
    await storage.transaction((tx) => world.sessions.customerSessions.endSessionsOn(tx, removed));
    expect(await errorOf(shop.userInfo(tokens.access_token, sub))).toBe('invalid_token');
    const again = await shop.authorize();
    const anew = await shop.redeem(again, await shop.answer(again, cora));
    await shop.userInfo(anew.access_token, sub);
    world.inactive.add(cora);
    expect(await errorOf(shop.userInfo(anew.access_token, sub))).toBe('invalid_token');
    const silent = await shop.authorize({ prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('login_required');
  });
});

describe('the policy of a customers’ application', () => {
  it('asks for its level and age, of the customer who is signed in and of nobody else', async () => {
    const strong = await side.portal({ policy: { acr: 'phrh' } });
    const begun = await strong.authorize({ acr_values: 'phr' });
    expect(await strong.page(begun)).toMatchObject({ acr: 'phrh' });
    expect(await errorOf(strong.answer(begun, cora, 'phr'))).toContain('bound to a device');
    const tokens = await strong.redeem(begun, await strong.answer(begun, cora, 'phrh'));
    expect(tokens.claims()?.acr).toBe('phrh');
    world.clock.advance(60_000);
    const again = await strong.authorize({ max_age: '30' });
    const dora = newId('cus', world.ports);
    expect(await errorOf(strong.answer(again, dora, 'phrh'))).toContain('Only the person');
  });

  it.each([
    [{ policy: { acr: 'phr', modes: ['kiosk'] } }, 'machines'],
    [{ settings: { actsFor: true } }, 'another API'],
    [{ settings: { asksFor: ['https://records.example/'] } }, 'no token for an API'],
    [{ settings: { serves: ['https://records.example/'] } }, 'no token for an API'],
    [{ settings: { redirectUris: ['https://a.example/', 'https://b.example/'] } }, 'one host'],
    [{ settings: { backchannel: { delivery: 'poll' }, senderBound: false } }, 'binds its tokens'],
    [{ settings: { certificateBound: true, senderBound: false } }, 'certificate'],
  ] as [Given, string][])(
    'is registered without what is for colleagues: %j',
    async (given, why) => {
      const refused = side.portal(given);
      await expect(refused).rejects.toMatchObject({
        details: { detail: expect.stringContaining(why) },
      });
    },
  );

  it('is not moved to another realm or host, where customers would have other names', async () => {
    const shop = await side.portal();
    const params = { applicationId: shop.clientId };
    const body = bodyOf(shop);
    const moved = { ...body.settings, redirectUris: ['https://other.example/callback'] };
    for (const change of [{ settings: moved }, { realm: 'workforce' }]) {
      const call = { params, body: { ...body, ...change } };
      expect(await errorOf(callAsAdmin(world, 'applications.change', call))).toBe(
        'application.unusable',
      );
    }
  });
});

describe('nothing of one realm is worth anything in the other', () => {
  /** The same client id and key, at the other realm’s issuer. */
  async function atOther(tool: ApplicationClient, issuer: string): Promise<oidc.Configuration> {
    const { config } = await ApplicationClient.create(world, {
      realm: issuer === issuerUrl ? 'workforce' : 'customers',
    });
    const metadata = { ...config.serverMetadata() };
    const proof = oidc.PrivateKeyJwt(tool.key);
    const moved = new oidc.Configuration(metadata, tool.clientId, undefined, proof);
    moved[oidc.customFetch] = config[oidc.customFetch]!;
    oidc.allowInsecureRequests(moved);
    return moved;
  }

  it('no client', async () => {
    const shop = await side.portal();
    const staff = await ApplicationClient.create(world);
    for (const [tool, issuer] of [
      [shop, issuerUrl],
      [staff, customersIssuerUrl],
    ] as const) {
      const config = await atOther(tool, issuer);
      const pushed = oidc.buildAuthorizationUrlWithPAR(config, {
        redirect_uri: 'https://tool.example/callback',
        scope: 'openid',
        code_challenge: 'a'.repeat(43),
        code_challenge_method: 'S256',
      });
      expect(await errorOf(pushed)).toBe('invalid_client');
      const asked = await tool.browser.go(`${issuer}/auth?client_id=${tool.clientId}`);
      expect(asked.status).toBe(400);
    }
    for (const clientId of ['console', 'command-line', 'saml', world.service.clientId]) {
      const asked = await shop.browser.go(`${customersIssuerUrl}/auth?client_id=${clientId}`);
      expect(asked.status).toBe(400);
    }
  });

  it('no code, no token, no key', async () => {
    const shop = await side.portal({ settings: { senderBound: false, pushedRequests: false } });
    const staff = await ApplicationClient.create(world, {
      settings: { senderBound: false, pushedRequests: false },
    });
    const ofShop = await shop.signIn(cora);
    const ofStaff = await staff.signIn(world.anna);
    // A client of the one, with what the other has issued.
    for (const [tool, token] of [
      [shop, ofStaff.access_token],
      [staff, ofShop.access_token],
    ] as const) {
      expect(await errorOf(tool.userInfo(token, 'anybody'))).toBe('invalid_token');
      expect(await oidc.tokenIntrospection(tool.config, token)).toEqual({ active: false });
    }
    const begun = await staff.authorize({ prompt: 'none' });
    const code = begun.location.searchParams.get('code') ?? '';
    const callback = new URL(`https://tool.example/callback?code=${code}&state=${begun.state}`);
    callback.searchParams.set('iss', customersIssuerUrl);
    expect(await errorOf(shop.redeem(begun, callback))).toBe('invalid_grant');
    const console_ = await ConsoleClient.create(world);
    const request = await console_.apiRequest(ofShop.access_token);
    expect(await errorOf(world.sessions.authenticate.staff(request))).toBe('token.invalid');
    const kids = [ofShop, ofStaff].map((one) => decodeProtectedHeader(one.id_token ?? '').kid);
    expect(new Set(kids).size).toBe(2);
    const jwks = await shop.browser.go(`${customersIssuerUrl}/jwks`);
    expect(jwks.text).not.toContain(`"${kids[1]}"`);
  });

  it('no cookie, whoever plants it, and no hint', async () => {
    const console_ = await ConsoleClient.create(world);
    await console_.signIn(world.anna);
    // The jar of this browser knows no hosts: the staff’s cookies go to the customers’ issuer.
    const shop = await side.portal({ browser: console_.browser });
    const silent = await shop.authorize({ prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('login_required');
    const own = await side.portal();
    await own.signIn(cora);
    const staff = await ApplicationClient.create(world, { browser: own.browser });
    const back = await staff.authorize({ prompt: 'none' });
    expect(back.location.searchParams.get('error')).toBe('login_required');
    const hint = (await (await ApplicationClient.create(world)).signIn(world.anna)).id_token ?? '';
    expect(await errorOf(own.authorize({ id_token_hint: hint }))).toBe('invalid_request');
    const out = `${customersIssuerUrl}/session/end?id_token_hint=${hint}`;
    expect((await own.browser.go(out)).status).toBe(400);
    expect(await side.customerOf(own.browser)).toMatchObject({ customerId: cora });
  });

  it('no page, nor an answer of an issuer that was not asked (RFC 9207)', async () => {
    const shop = await side.portal();
    const begun = await shop.authorize();
    const cookie = shop.browser.cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    const at = `${staffOrigin}/api/sign-in/${begun.uid}`;
    const page = await new Browser(world.port).go(at, { headers: { cookie } });
    expect(JSON.parse(page.text)).toMatchObject({ code: 'signin.unknown' });
    const callback = await shop.answer(begun, cora);
    callback.searchParams.set('iss', issuerUrl);
    expect(await errorOf(shop.redeem(begun, callback))).toBe('OAUTH_INVALID_RESPONSE');
  });
});
