import { isId } from '@proofline/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrations } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import { contextClassOf } from '../../modules/sessions/saml/domain/requested-context.ts';
import { readServiceProviderMetadata } from '../../modules/sessions/saml/messages/read-metadata.ts';
import type { SamlKey } from '../../modules/sessions/saml/signing-keys.ts';
import { selfSigned } from '../../modules/sessions/saml/testing/self-signed.ts';
import { readForm } from '../../modules/sessions/saml/testing/test-service-provider.ts';
import { callAsAdmin } from '../../modules/sessions/testing/application-client.ts';
import { Browser, type Exchange } from '../../modules/sessions/testing/browser.ts';
import { createWorld, staffOrigin, type World } from '../../modules/sessions/testing/world.ts';
import { openTestStorage } from '../harness/open-test-storage.ts';
import { hasMellon, startMellon, type Mellon } from './mellon.ts';

test.runIf(!hasMellon)('is left out: Apache with mod_auth_mellon is not installed here', () => {
  expect(hasMellon).toBe(false);
});

describe.skipIf(!hasMellon)('mod_auth_mellon as a service provider', () => {
  let storage: Storage;
  let world: World;
  let mellon: Mellon;
  let here: Browser;
  let there: Browser;

  beforeAll(async () => {
    const [idp, sp]: SamlKey[] = await Promise.all([selfSigned(), selfSigned()]);
    storage = await openTestStorage(migrations);
    world = await createWorld(storage, {
      saml: { keys: { current: () => idp!, published: () => [idp!.certificate] } },
    });
    const { text: idpMetadata } = await new Browser(world.port).go(`${staffOrigin}/saml/metadata`);
    mellon = await startMellon({ idpMetadata, key: sp!, strongClass: contextClassOf.phrh });
    for (const [name, metadata] of Object.entries(mellon.metadata)) {
      const { entityId } = readServiceProviderMetadata(metadata);
      const settings = { protocol: 'saml', entityId, metadata, attributes: [] };
      const body = { name, realm: 'workforce', policy: { acr: 'phr' }, settings };
      await callAsAdmin(world, 'applications.register', { body });
    }
    here = new Browser(world.port);
    there = new Browser(mellon.port);
    world.logouts.answerSoap = async ({ envelope, url }) => {
      const headers = { 'content-type': 'text/xml; charset=utf-8' };
      const told = { method: 'POST', headers, body: envelope } as const;
      return (await new Browser(mellon.port).go(url, told)).text;
    };
  });
  afterAll(async () => {
    await mellon?.close();
    await world?.close();
    await storage?.close();
  });

  const onward = (answer: Exchange, origin: string) =>
    new URL(answer.headers.location ?? 'about:blank', origin);
  /** At our place, past the sign-in page, to the page that goes back to the service provider. */
  async function throughSignIn(start: URL, level = 'phr'): Promise<Exchange> {
    let at = await here.go(start.href);
    for (let hop = 0; hop < 8 && at.status === 303; hop += 1) {
      const url = onward(at, staffOrigin);
      if (url.origin !== staffOrigin) return at;
      if (!url.pathname.startsWith('/sign-in/')) {
        at = await here.go(url.href);
        continue;
      }
      const uid = url.pathname.split('/')[2];
      const query = `subject=${world.anna}&acr=${level}`;
      const reply = await here.go(`${staffOrigin}/api/sign-in/${uid}/finish?${query}`);
      // The stand-in page answers with JSON objects only.
      const { redirectTo } = JSON.parse(reply.text) as { redirectTo: string };
      at = await here.go(redirectTo);
    }
    return at;
  }
  const post = (page: Exchange, change: (xml: string) => string = (xml) => xml) => {
    const { action, relayState, xml } = readForm(page.text);
    const SAMLResponse = Buffer.from(change(xml)).toString('base64');
    return there.go(action, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        SAMLResponse,
        ...(relayState && { RelayState: relayState }),
      }).toString(),
    });
  };
  /** At the service provider, until it sends the browser to us. */
  async function askedOf(path: string): Promise<URL> {
    let url = new URL(path, mellon.origin);
    for (let hop = 0; hop < 5 && url.origin === mellon.origin; hop += 1) {
      url = onward(await there.go(url.href), mellon.origin);
    }
    return url;
  }
  const enter = async (path: string, level?: string) => throughSignIn(await askedOf(path), level);

  test('refuses an assertion in which one letter was changed', async () => {
    const page = await enter('/desk');
    expect(readForm(page.text).xml).toContain('EncryptedAssertion');
    const answer = await post(page, (xml) => xml.replace('CipherValue>', 'CipherValue>A'));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await there.go(`${mellon.origin}/desk`)).status).toBe(303);
  });

  test('signs in: our signed, encrypted assertion answers its signed request', async () => {
    const answer = await post(await enter('/desk'));
    expect(onward(answer, mellon.origin).pathname).toBe('/desk');
    const desk = await there.go(`${mellon.origin}/desk`);
    expect(desk.headers['x-name']).toMatch(/^_/);
  });

  test('steps up: what demands a hardware-held passkey is entered with one alone', async () => {
    const asked = await askedOf('/strong');
    const weak = await here.go(asked.href);
    expect(onward(await here.go(onward(weak, staffOrigin).href), staffOrigin).pathname).toMatch(
      /^\/sign-in\//,
    );
    const answer = await post(await enter('/strong', 'phrh'));
    expect(onward(answer, mellon.origin).pathname).toBe('/strong');
    expect((await there.go(`${mellon.origin}/strong`)).status).toBe(200);
  });

  test('signs out there, hence here', async () => {
    const back = encodeURIComponent(`${mellon.origin}/`);
    const asked = await askedOf(`/mellon/logout?ReturnTo=${back}`);
    const before = world.endedSessions.length;
    const answered = await here.go(asked.href);
    expect(world.endedSessions.length).toBe(before + 1);
    // The other service provider hears of it from us, and the browser goes back where it wanted to go.
    const visited = [answered].map((one) => onward(one, mellon.origin).pathname);
    let at = answered;
    for (let hop = 0; hop < 6 && onward(at, mellon.origin).pathname !== '/'; hop += 1) {
      const url = onward(at, mellon.origin);
      at = await (url.origin === mellon.origin ? there : here).go(url.href);
      visited.push(onward(at, mellon.origin).pathname);
    }
    expect(visited).toEqual(['/mellon/logout', '/']);
    expect((await there.go(`${mellon.origin}/strong`)).status).toBe(200);
    await world.sessions.deliverLogouts();
    for (const page of ['desk', 'strong']) {
      expect((await there.go(`${mellon.origin}/${page}`)).status).toBe(303);
    }
  });

  test('signs out here, hence there', async () => {
    await post(await enter('/desk'));
    expect((await there.go(`${mellon.origin}/desk`)).status).toBe(200);
    const started = world.evidence.findLast(({ kind }) => kind === 'session.started');
    const sessionId = started?.refs?.['sessionId'];
    if (!isId('ses', sessionId)) throw new Error('no session');
    await world.sessions.registry.endSession(sessionId, 'ended-by-admin');
    await world.sessions.deliverLogouts();
    expect((await there.go(`${mellon.origin}/desk`)).status).toBe(303);
  });
});
