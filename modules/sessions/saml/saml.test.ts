import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { Browser, type Exchange } from '../testing/browser.ts';
import { createWorld, staffOrigin, type World } from '../testing/world.ts';
import { contextClassOf } from './domain/requested-context.ts';
import { statuses } from './names.ts';
import type { ServiceProvider } from './service-provider.ts';
import type { SamlKey } from './signing-keys.ts';
import { selfSigned } from './testing/self-signed.ts';
import {
  authnRequest,
  consumerUrl,
  decryptedBySamlify,
  find,
  idpEntityId,
  inflated,
  logoutRequest,
  logoutResponse,
  newId,
  readForm,
  registered,
  requestedContext,
  signedPost,
  signedQuery,
  soapTool,
  ssoUrl,
  statusCodes,
  text,
  verifiedBySamlify,
} from './testing/test-service-provider.ts';
import { followSignIn } from './testing/follow-sign-in.ts';
import { whyNotSigned } from './signature/verify-enveloped.ts';
import { attributeOf } from './xml/read-xml.ts';

let storage: Storage;
let world: World;
let browser: Browser;
let idp: SamlKey;
let crm: SamlKey;
let providers: ServiceProvider[];

beforeAll(async () => {
  storage = await openTestStorage(migrations);
  [idp, crm] = await Promise.all([selfSigned(), selfSigned()]);
});
afterAll(() => storage.close());
beforeEach(async () => {
  providers = [registered(crm)];
  world = await createWorld(storage, {
    saml: {
      keys: { current: () => idp, published: () => [idp.certificate] },
      serviceProviders: {
        find: async (entityId) => providers.find((one) => one.entityId === entityId),
        findByApplication: async (id) => providers.find((one) => one.applicationId === id),
      },
    },
  });
  browser = new Browser(world.port);
  return () => world.close();
});

const change = (more: Partial<ServiceProvider>) => {
  providers = [registered(crm, more)];
};
const ask = (xml: string, relayState?: string) =>
  browser.go(`${ssoUrl}?${signedQuery(xml, crm, relayState === undefined ? {} : { relayState })}`);

const follow = (answer: Exchange, as: { level?: string; subject?: string } = {}) =>
  followSignIn(browser, answer, { subject: world.anna, ...as });

const signIn = async (xml = authnRequest(), as?: { level?: string; subject?: string }) =>
  readForm((await follow(await ask(xml, 'deep/"link"?a=<1>&b'), as)).text);

const classOf = (xml: string) => text(xml, 'AuthnContextClassRef');

describe('a sign-in at a tool that speaks SAML', () => {
  it('ends in a signed assertion for that tool, that request and that person alone', async () => {
    const id = newId();
    const form = await signIn(authnRequest({ id }));
    expect(form).toMatchObject({ action: consumerUrl, relayState: 'deep/"link"?a=<1>&b' });
    const assertion = verifiedBySamlify(form.xml, idp.certificate);
    expect(assertion).toBeTruthy();
    expect(attributeOf(find(form.xml, 'Response')!, 'InResponseTo')).toBe(id);
    expect(attributeOf(find(form.xml, 'Response')!, 'Destination')).toBe(consumerUrl);
    expect(text(assertion!, 'Issuer')).toBe(idpEntityId);
    expect(text(assertion!, 'Audience')).toBe('https://crm.example/saml');
    const confirmed = find(assertion!, 'SubjectConfirmationData')!;
    expect(attributeOf(confirmed, 'InResponseTo')).toBe(id);
    expect(attributeOf(confirmed, 'Recipient')).toBe(consumerUrl);
    const end = Date.parse(attributeOf(confirmed, 'NotOnOrAfter') ?? '');
    expect(end - Date.now()).toBeLessThanOrEqual(120_000);
    const statement = find(assertion!, 'AuthnStatement')!;
    expect(attributeOf(statement, 'SessionIndex')).toMatch(/^_/);
    const sessionEnd = Date.parse(attributeOf(statement, 'SessionNotOnOrAfter') ?? '');
    expect(sessionEnd).toBeGreaterThan(Date.now());
    expect(classOf(assertion!)).toBe(contextClassOf.phr);
    expect(world.evidence.map(({ kind }) => kind)).toEqual(['session.started', 'assertion.issued']);
  });
  it('uses the session that there is, and names the person pairwise', async () => {
    const first = await signIn();
    const again = await follow(await ask(authnRequest()));
    expect(world.evidence.filter(({ kind }) => kind === 'session.started')).toHaveLength(1);
    const nameId = text(first.xml, 'NameID');
    expect(nameId).not.toContain(world.anna);
    expect(text(readForm(again.text).xml, 'NameID')).toBe(nameId);
    providers.push(registered(crm, { applicationId: 'app_2', entityId: 'https://wiki.example' }));
    const elsewhere = await follow(await ask(authnRequest({ issuer: 'https://wiki.example' })));
    expect(text(readForm(elsewhere.text).xml, 'NameID')).not.toBe(nameId);
    const transient = `<samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient"/>`;
    const once = await follow(await ask(authnRequest({ inner: transient })));
    expect(text(readForm(once.text).xml, 'NameID')).not.toBe(nameId);
  });
  it('says nothing personal unless the tool is registered for it', async () => {
    expect(find((await signIn()).xml, 'AttributeStatement')).toBeUndefined();
    change({ attributes: ['display-name'] });
    const { xml } = await signIn();
    expect(text(xml, 'AttributeValue')).toBe('Anna Test');
    expect(verifiedBySamlify(xml, idp.certificate)).toBeTruthy();
  });
  it('shows the name of the tool on the sign-in page', async () => {
    const auth = await ask(authnRequest());
    const page = await browser.go(auth.headers.location!);
    const uid = new URL(page.headers.location!, staffOrigin).pathname.split('/')[2];
    const shown = await browser.go(`${staffOrigin}/api/sign-in/${uid}`);
    expect(JSON.parse(shown.text)).toMatchObject({ clientName: 'The CRM', kind: 'login' });
  });
  it('encrypts the assertion for a tool that has a key for it', async () => {
    const secret = await selfSigned();
    change({ encryptionCertificate: secret.certificate });
    const { xml } = await signIn();
    expect(find(xml, 'Assertion')).toBeUndefined();
    expect(attributeOf(find(xml, 'EncryptionMethod')!, 'Algorithm')).toMatch(/aes256-gcm$/);
    const opened = await decryptedBySamlify(xml, secret);
    expect(classOf(opened)).toBe(contextClassOf.phr);
  });
  it('takes the request by form as well', async () => {
    const xml = signedPost(authnRequest(), crm);
    const answer = await browser.go(ssoUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ SAMLRequest: Buffer.from(xml).toString('base64') }).toString(),
    });
    expect(statusCodes(readForm((await follow(answer)).text).xml)).toEqual(statuses.success);
  });
});

describe('step-up (RequestedAuthnContext, ForceAuthn, IsPassive, the operator’s own policy)', () => {
  const wants = (comparison: string, ...classes: string[]) =>
    authnRequest({ inner: requestedContext(comparison, ...classes) });

  it('asks for the hardware-held passkey, and says so only then', async () => {
    expect(classOf((await signIn()).xml)).toBe(contextClassOf.phr);
    const raised = await signIn(wants('exact', contextClassOf.phrh), { level: 'phrh' });
    expect(classOf(raised.xml)).toBe(contextClassOf.phrh);
    expect(world.evidence.map(({ kind }) => kind)).toContain('session.raised');
  });
  it('does not take a weaker passkey for it', async () => {
    const answer = await follow(await ask(wants('exact', 'phrh')), { level: 'phr' });
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'ceremony.refused' });
  });
  it('lets nobody else step up in this session', async () => {
    await signIn();
    const answer = await follow(await ask(wants('minimum', 'phrh')), {
      level: 'phrh',
      subject: world.bela,
    });
    expect(JSON.parse(answer.text)).toMatchObject({ code: 'ceremony.refused' });
  });
  it('answers a class that is not true of a passkey with NoAuthnContext', async () => {
    const password = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport';
    expect(statusCodes((await signIn(wants('exact', password))).xml)).toEqual(
      statuses.noAuthnContext,
    );
    expect(classOf((await signIn(wants('minimum', password))).xml)).toBe(contextClassOf.phr);
  });
  it('proves anew under ForceAuthn, though the session is fresh', async () => {
    await signIn();
    const answer = await ask(authnRequest({ attributes: { ForceAuthn: 'true' } }));
    const page = await browser.go(answer.headers.location!);
    expect(page.headers.location).toContain('/sign-in/');
    expect(statusCodes(readForm((await follow(page)).text).xml)).toEqual(statuses.success);
  });
  it('shows nobody a page under IsPassive', async () => {
    const passive = { attributes: { IsPassive: 'true' } };
    expect(statusCodes((await signIn(authnRequest(passive))).xml)).toEqual(statuses.noPassive);
    await signIn();
    expect(statusCodes((await signIn(authnRequest(passive))).xml)).toEqual(statuses.success);
    const raised = authnRequest({ ...passive, inner: requestedContext('exact', 'phrh') });
    expect(statusCodes((await signIn(raised)).xml)).toEqual(statuses.noPassive);
  });
  it('holds the level and the age that the operator demands, whatever was asked for', async () => {
    await signIn();
    change({ requiredAcr: 'phrh' });
    const raised = await signIn(authnRequest(), { level: 'phrh' });
    expect(classOf(raised.xml)).toBe(contextClassOf.phrh);
    change({ maxAgeSeconds: 60 });
    world.clock.advance(61_000);
    const answer = await ask(authnRequest({ issuedAtMs: world.clock.now() }));
    const page = await browser.go(answer.headers.location!);
    expect(page.headers.location).toContain('/sign-in/');
    change({ isSuspended: true });
    const refused = await signIn(authnRequest({ issuedAtMs: world.clock.now() }));
    expect(statusCodes(refused.xml)).toEqual(statuses.requestDenied);
  });
});

describe('what is sent by somebody else', () => {
  const expectRefused = async (answer: Promise<Exchange> | Exchange) => {
    const { status, text: page, headers } = await answer;
    expect({ status, page }).toMatchObject({ status: 400 });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(page).toContain('This SAML message cannot be accepted here.');
  };

  it('is not believed when it comes a second time', async () => {
    const xml = authnRequest();
    expect((await ask(xml)).status).toBe(303);
    await expectRefused(ask(xml));
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'assertion.refused',
      facts: { because: 'not-replayed' },
    });
  });
  it('gets no assertion to another address, and none that is nearly registered', async () => {
    for (const url of [
      'https://evil.example/acs',
      `${consumerUrl}/`,
      `${consumerUrl}?x=1`,
      consumerUrl.toUpperCase(),
    ]) {
      await expectRefused(ask(authnRequest({ attributes: { AssertionConsumerServiceURL: url } })));
    }
  });
  it('is refused from an unknown issuer, for another server, too old, or too early', async () => {
    await expectRefused(ask(authnRequest({ issuer: 'https://unknown.example' })));
    const elsewhere = 'https://other-idp.example/saml/sso';
    await expectRefused(ask(authnRequest({ attributes: { Destination: elsewhere } })));
    await expectRefused(ask(authnRequest({ attributes: { Destination: undefined } })));
    await expectRefused(ask(authnRequest({ issuedAtMs: Date.now() - 6 * 60_000 })));
    await expectRefused(ask(authnRequest({ issuedAtMs: Date.now() + 3 * 60_000 })));
    await expectRefused(ask(authnRequest({ attributes: { Version: '1.1' } })));
    await expectRefused(ask(authnRequest(), 'r'.repeat(600)));
  });
  it('writes one entry a minute for a flood of refusals', async () => {
    for (let count = 0; count < 5; count += 1) {
      await expectRefused(ask(authnRequest({ attributes: { Version: '1.1' } })));
    }
    expect(world.evidence.filter(({ kind }) => kind === 'assertion.refused')).toHaveLength(1);
  });
  it('cannot be continued in another browser, nor a second time', async () => {
    const auth = await ask(authnRequest());
    const page = await browser.go(auth.headers.location!);
    const uid = new URL(page.headers.location!, staffOrigin).pathname.split('/')[2];
    const reply = await browser.go(
      `${staffOrigin}/api/sign-in/${uid}/finish?subject=${world.anna}&acr=phr`,
    );
    // As above.
    const { redirectTo } = JSON.parse(reply.text) as { redirectTo: string };
    const back = (await browser.go(redirectTo)).headers.location!;
    await expectRefused(new Browser(world.port).go(back));
    expect(readForm((await browser.go(back)).text).action).toBe(consumerUrl);
    await expectRefused(browser.go(back));
  });
  it('gets nothing for a person who has left meanwhile', async () => {
    await signIn();
    const auth = await ask(authnRequest());
    const back = await browser.go(auth.headers.location!);
    world.inactive.add(world.anna);
    await expectRefused(browser.go(back.headers.location!));
  });
});

describe('single logout', () => {
  const slo = `${staffOrigin}/saml/slo`;
  const wikiKey = () => crm;

  it('ends the session here and at every other tool, one after the other', async () => {
    const first = await signIn();
    providers.push(
      registered(wikiKey(), {
        applicationId: 'app_wiki',
        name: 'The wiki',
        entityId: 'https://wiki.example',
        logout: [{ binding: 'redirect', url: 'https://wiki.example/slo' }],
      }),
    );
    await follow(await ask(authnRequest({ issuer: 'https://wiki.example' })));
    const id = newId();
    const request = logoutRequest({
      id,
      nameId: text(first.xml, 'NameID')!,
      sessionIndex: attributeOf(find(first.xml, 'AuthnStatement')!, 'SessionIndex')!,
    });
    const query = signedQuery(request, crm, { relayState: 'r1' });
    const toWiki = await browser.go(`${slo}?${query}`);
    expect(world.endedSessions).toHaveLength(1);
    const asked = new URL(toWiki.headers.location!);
    expect(asked.origin).toBe('https://wiki.example');
    const asks = inflated(asked.searchParams.get('SAMLRequest')!);
    const answer = logoutResponse(attributeOf(find(asks, 'LogoutRequest')!, 'ID')!);
    const answered = signedQuery(answer, crm, {
      kind: 'SAMLResponse',
      relayState: asked.searchParams.get('RelayState')!,
    });
    const toCrm = new URL((await browser.go(`${slo}?${answered}`)).headers.location!);
    expect(toCrm.origin).toBe('https://crm.example');
    expect(toCrm.searchParams.get('RelayState')).toBe('r1');
    const final = inflated(toCrm.searchParams.get('SAMLResponse')!);
    expect(attributeOf(find(final, 'LogoutResponse')!, 'InResponseTo')).toBe(id);
    expect(statusCodes(final)).toEqual(statuses.success);
    // A second answer finds nothing under way.
    expect((await browser.go(`${slo}?${answered}`)).status).toBe(400);
  });
  it('says that it is partial where a tool cannot be told', async () => {
    const first = await signIn();
    providers.push(
      registered(crm, {
        applicationId: 'app_old',
        name: 'Old tool',
        entityId: 'https://old.example',
        logout: [],
      }),
    );
    await follow(await ask(authnRequest({ issuer: 'https://old.example' })));
    const request = logoutRequest({ nameId: text(first.xml, 'NameID')! });
    const answer = await browser.go(`${slo}?${signedQuery(request, crm)}`);
    const given = new URL(answer.headers.location!).searchParams.get('SAMLResponse')!;
    expect(statusCodes(inflated(given))).toEqual(statuses.partialLogout);
  });
  it('begins here, too: the page says what may be left', async () => {
    change({ logout: [], name: 'Old <tool>' });
    await signIn();
    const sessionId = world.evidence[0]!.refs!['sessionId'] as `ses_${string}`; // of session.started
    const round = await world.sessions.saml!.prepareLogout(sessionId as never);
    const page = await browser.go(round!);
    expect(page.text).toContain('You may still be signed in at: Old &lt;tool&gt;');
    expect((await browser.go(round!)).status).toBe(400);
  });
  it('is told from here to a tool that takes SOAP, however the session ended', async () => {
    const url = 'https://crm.example/soap';
    change({ logout: [{ binding: 'soap', url }] });
    const first = await signIn();
    const { asked, answer } = soapTool(['', '<a/>', 'to-another', 'failed', 'done']);
    world.logouts.answerSoap = answer;
    const sessionId = world.evidence[0]!.refs!['sessionId'] as `ses_${string}`; // of session.started
    await world.sessions.registry.endSession(sessionId as never, 'revoked');
    // No answer, or another’s, is none: it is told again until it has said yes.
    for (const told of [0, 0, 0, 0, 1, 0]) {
      expect(await world.sessions.deliverLogouts()).toBe(told);
      world.clock.advance(60_000);
    }
    expect(asked).toHaveLength(5);
    const request = find(asked[0]!, 'LogoutRequest')!;
    expect(whyNotSigned(request, [idp.certificate])).toBeUndefined();
    expect(text(asked[0]!, 'NameID')).toBe(text(first.xml, 'NameID'));
    expect(attributeOf(request, 'Destination')).toBe(url);
    expect(world.evidence.at(-1)).toMatchObject({ kind: 'application.logout-told' });
    // No browser is led there.
    expect(await world.sessions.saml!.prepareLogout(sessionId as never)).toBeUndefined();
  });
  it('is believed from the tool itself alone, signed, about its own people', async () => {
    const first = await signIn();
    const nameId = text(first.xml, 'NameID')!;
    const stranger = await selfSigned();
    const unsigned = signedQuery(logoutRequest({ nameId }), crm).replace(/&SigAlg=.*/, '');
    expect((await browser.go(`${slo}?${unsigned}`)).status).toBe(400);
    const foreign = signedQuery(logoutRequest({ nameId }), stranger);
    expect((await browser.go(`${slo}?${foreign}`)).status).toBe(400);
    providers.push(
      registered(stranger, { applicationId: 'app_other', entityId: 'https://other.example' }),
    );
    const others = signedQuery(
      logoutRequest({ nameId, issuer: 'https://other.example' }),
      stranger,
    );
    // Answered, as for a name that nobody has; nobody’s session ended.
    expect((await browser.go(`${slo}?${others}`)).status).toBe(303);
    expect(world.endedSessions).toEqual([]);
  });
});

describe('metadata', () => {
  it('is signed, names the two addresses and the key, and expires', async () => {
    const { text: xml, headers } = await browser.go(`${staffOrigin}/saml/metadata`);
    expect(headers['content-type']).toBe('application/samlmetadata+xml');
    const root = find(xml, 'EntityDescriptor')!;
    expect(attributeOf(root, 'entityID')).toBe(idpEntityId);
    expect(Date.parse(attributeOf(root, 'validUntil') ?? '')).toBeGreaterThan(Date.now());
    expect(attributeOf(find(root, 'SingleSignOnService')!, 'Location')).toBe(ssoUrl);
    expect(xml).toContain(idp.certificate);
    expect(whyNotSigned(root, [idp.certificate])).toBeUndefined();
  });
});
