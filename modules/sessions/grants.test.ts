import { decodeJwt, decodeProtectedHeader, exportJWK, importJWK, jwtVerify, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createServiceTokens } from '@proofline/enforce/client';
import { newId, type Id } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import { ConsoleClient, fetchTo } from './testing/console-client.ts';
import {
  billingOrigin,
  createWorld,
  gatewayOrigin,
  issuerUrl,
  staffOrigin,
  type World,
} from './testing/world.ts';

let storage: Storage;
let world: World;
let client: ConsoleClient;
let token: string;
let caseId: Id<'cse'>;

beforeAll(async () => {
  storage = await openTestStorage(migrations);
});
afterAll(() => storage.close());
beforeEach(async () => {
  world = await createWorld(storage);
  client = await ConsoleClient.create(world);
  token = (await client.signIn(world.anna)).access_token;
  caseId = newId('cse', world.ports);
  world.basis.found = {
    interactionId: newId('int', world.ports),
    proofId: newId('prf', world.ports),
    proofEvidenceId: newId('evt', world.ports),
    customerId: newId('cus', world.ports),
    accountNumber: 'MH-10001',
  };
  return () => world.close();
});

const details = (overrides: object = {}) => [
  {
    type: 'proofline_case',
    case_id: caseId,
    actions: ['account:read', 'invoice:read'],
    ...overrides,
  },
];
const kinds = () => world.evidence.map((entry) => entry.kind);
const errorOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'no error';
  } catch (error) {
    return error instanceof oidc.ResponseBodyError ? error.error : error;
  }
};

describe('token exchange for a grant (RFC 8693)', () => {
  it('gives a token of one case, one audience, the same key, at most 300 s', async () => {
    const answer = await client.exchange(token, details());
    expect(answer).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'dpop',
      expires_in: 300,
    });
    expect(decodeProtectedHeader(answer.access_token).typ).toBe('at+jwt');
    const key = await importJWK(world.signingKey, 'ES256');
    const { payload } = await jwtVerify(answer.access_token, key, { audience: gatewayOrigin });
    const found = world.basis.found!;
    expect(payload).toMatchObject({
      iss: issuerUrl,
      aud: gatewayOrigin,
      sub: world.anna,
      client_id: 'console',
      sid: decodeJwt(token)['sid'],
      grant_id: expect.stringMatching(/^grt_/),
      cnf: decodeJwt(token)['cnf'],
      authorization_details: [
        {
          type: 'proofline_case',
          case_id: caseId,
          actions: ['account:read', 'invoice:read'],
          account_number: 'MH-10001',
          interaction_id: found.interactionId,
          proof_id: found.proofId,
        },
      ],
    });
    expect(payload).not.toHaveProperty('act');
    expect(payload.exp! - payload.iat!).toBeLessThanOrEqual(300);
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'grant.issued',
      causes: [world.evidence[0]!.evidenceId, found.proofEvidenceId, expect.any(String)],
      refs: {
        grantId: payload['grant_id'],
        sessionId: payload['sid'],
        interactionId: found.interactionId,
        caseId,
        proofId: found.proofId,
      },
    });
  });
  it('keeps the account number out of evidence', async () => {
    await client.exchange(token, details());
    expect(JSON.stringify(world.evidence)).not.toContain('MH-10001');
  });
  it('is worth nothing at our own API', async () => {
    const { access_token: grant } = await client.exchange(token, details());
    const request = await client.apiRequest(grant);
    await expect(world.sessions.authenticate.staff(request)).rejects.toMatchObject({
      code: 'token.invalid',
    });
  });
  it('is refused without a proof of the customer, with evidence', async () => {
    world.basis.found = undefined;
    expect(await errorOf(client.exchange(token, details()))).toBe('access_denied');
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'grant.refused',
      facts: { because: 'no-proof' },
      refs: { caseId },
    });
  });
  it('is refused when the PDP denies, with evidence', async () => {
    world.pdp.permits = false;
    expect(await errorOf(client.exchange(token, details()))).toBe('access_denied');
    expect(world.evidence.at(-1)).toMatchObject({ facts: { because: 'denied' } });
  });
  it('reads one well-formed case and nothing else', async () => {
    const malformed = [
      [],
      [...details(), ...details()],
      details({ type: 'other' }),
      details({ case_id: 'cse_1' }),
      details({ actions: [] }),
      details({ actions: ['session:end'] }),
      details({ extra: true }),
      'text',
    ];
    for (const wrong of malformed) {
      expect(await errorOf(client.exchange(token, wrong))).toBe('invalid_authorization_details');
    }
    expect(kinds()).toEqual(['session.started']);
  });
  it('is refused for another audience or another kind of token', async () => {
    const work = (overrides: Record<string, string>) =>
      client.exchange(token, details(), overrides);
    expect(await errorOf(work({ resource: 'https://other.example' }))).toBe('invalid_target');
    expect(await errorOf(work({ resource: `${staffOrigin}/api` }))).toBe('invalid_target');
    const idToken = 'urn:ietf:params:oauth:token-type:id_token';
    expect(await errorOf(work({ subject_token_type: idToken }))).toBe('invalid_request');
    expect(await errorOf(work({ requested_token_type: idToken }))).toBe('invalid_request');
  });
  it('is refused for a stolen token, a forged one, and a grant itself', async () => {
    const thief = await ConsoleClient.create(world);
    expect(await errorOf(thief.exchange(token, details()))).toBe('invalid_grant');
    expect(await errorOf(client.exchange(`${token.slice(0, -4)}AAAA`, details()))).toBe(
      'invalid_grant',
    );
    const { access_token: grant } = await client.exchange(token, details());
    expect(await errorOf(client.exchange(grant, details()))).toBe('invalid_grant');
  });
  it('is for the one API that is asked for, if it is configured, and the evidence names it', async () => {
    const { access_token: grant } = await client.exchange(token, details(), {
      resource: billingOrigin,
    });
    expect(decodeJwt(grant).aud).toBe(billingOrigin);
    expect(world.evidence.at(-1)).toMatchObject({ facts: { audience: billingOrigin } });
    for (const resource of [`${billingOrigin}.evil`, `${billingOrigin}/`, `${staffOrigin}/api`]) {
      expect(await errorOf(client.exchange(token, details(), { resource }))).toBe('invalid_target');
    }
    const two = new URLSearchParams([
      ['resource', billingOrigin],
      ['resource', gatewayOrigin],
      ['subject_token', token],
      ['subject_token_type', 'urn:ietf:params:oauth:token-type:access_token'],
      ['authorization_details', JSON.stringify(details())],
    ]);
    const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const both = oidc.genericGrantRequest(client.config, exchange, two, { DPoP: client.dpop });
    expect(await errorOf(both)).toBe('invalid_request');
  });
  it('is refused without a proof of possession', async () => {
    const work = oidc.genericGrantRequest(
      client.config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: gatewayOrigin,
        authorization_details: JSON.stringify(details()),
      },
    );
    expect(await errorOf(work)).toBe('invalid_dpop_proof');
  });
  it('is refused once the session has ended', async () => {
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    await world.sessions.registry.endSession(session!.sessionId, 'signed-out');
    expect(await errorOf(client.exchange(token, details()))).toBe('invalid_grant');
  });
});

describe('the end of a grant', () => {
  const grantOf = async () => {
    const { access_token: grant } = await client.exchange(token, details());
    return decodeJwt(grant)['grant_id'] as Id<'grt'>; // asserted to be one above
  };
  const live = async (grantId: Id<'grt'>) =>
    (await world.sessions.registry.findGrant(grantId))?.live;

  it('comes with the call, in the same transaction', async () => {
    const grantId = await grantOf();
    expect(await live(grantId)).toBe(true);
    const ended = newId('evt', world.ports);
    const { interactionId } = world.basis.found!;
    await storage.transaction((tx) =>
      world.sessions.registry.endGrantsOf(tx, interactionId, 'call-ended', [ended]),
    );
    expect(await live(grantId)).toBe(false);
    expect(world.evidence.at(-1)).toMatchObject({
      kind: 'grant.ended',
      causes: [expect.any(String), ended],
      facts: { because: 'call-ended' },
    });
  });
  it('comes with the session', async () => {
    const grantId = await grantOf();
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    await world.sessions.registry.endSession(session!.sessionId, 'signed-out');
    expect(await live(grantId)).toBe(false);
    expect(kinds().slice(-2)).toEqual(['session.ended', 'grant.ended']);
  });
  it('comes after 300 s', async () => {
    const grantId = await grantOf();
    world.clock.advance(299_000);
    expect(await live(grantId)).toBe(true);
    world.clock.advance(1000);
    expect(await live(grantId)).toBe(false);
  });
  it('is what the facts for the PDP say', async () => {
    const grantId = await grantOf();
    const sessionId = (await world.sessions.registry.findGrant(grantId))!.sessionId;
    const ask = async (name: string, over: object = {}) =>
      world.sessions.facts
        .find((provider) => provider.name === name)!
        .gather({
          subject: { type: 'Staff', id: world.anna },
          sessionId,
          grantId,
          action: 'invoice:read',
          resource: { type: 'Account', id: 'MH-10001' },
          ...over,
        });
    expect((await ask('grant'))?.values).toEqual({ live: true, permitsAction: true });
    expect((await ask('grant', { action: 'refund:initiate' }))?.values).toEqual({
      live: true,
      permitsAction: false,
    });
    const stranger = { subject: { type: 'Staff', id: world.bela } };
    expect((await ask('grant', stranger))?.values).toEqual({ live: false, permitsAction: false });
    expect(await ask('grant', { grantId: undefined })).toBeUndefined();
    const { phrAgeSeconds: age } = (await ask('session'))?.values ?? {};
    // The issuer reads the machine’s clock: a slow machine makes the proof a little older.
    expect(age).toBeOneOf([0, 1, 2, 3, 4, 5]);
    expect((await ask('session', stranger))?.values).toEqual({ live: false });
    world.clock.advance(90_000);
    expect((await ask('session'))?.values).toEqual({
      live: true,
      // A second may have turned between the two looks.
      phrAgeSeconds: expect.closeTo(Number(age) + 90, -1),
      leftAloneSeconds: expect.closeTo(90, -1),
    });
    expect(await ask('service')).toBeUndefined();
    const service = { subject: { type: 'Service', id: world.service.clientId } };
    expect((await ask('service', service))?.values).toEqual({
      role: 'gateway',
      permitsAction: true,
      owned: true,
    });
    expect(await ask('session', service)).toBeUndefined();
  });
});

describe('a service (client_credentials, private_key_jwt, DPoP)', () => {
  const configOf = async (key: CryptoKey) => {
    const config = await oidc.discovery(
      new URL(issuerUrl),
      world.service.clientId,
      undefined,
      oidc.PrivateKeyJwt(key),
      { [oidc.customFetch]: fetchTo(world.port), execute: [oidc.allowInsecureRequests] },
    );
    return config;
  };
  const ask = async (key = world.service.privateKey, parameters = {}) => {
    const config = await configOf(key);
    const dpop = oidc.getDPoPHandle(config, client.keys);
    return oidc.clientCredentialsGrant(config, parameters, { DPoP: dpop });
  };

  it('gets a token of our API that says who it is and nothing more', async () => {
    const { access_token: service } = await ask();
    const claims = decodeJwt(service);
    expect(claims).toMatchObject({
      aud: `${staffOrigin}/api`,
      sub: world.service.clientId,
      client_id: world.service.clientId,
    });
    expect(claims).not.toHaveProperty('scope');
    expect(await world.sessions.authenticate.service(await client.apiRequest(service))).toEqual({
      kind: 'service',
      subjectId: world.service.clientId,
      role: 'gateway',
    });
    await expect(
      world.sessions.authenticate.staff(await client.apiRequest(service)),
    ).rejects.toMatchObject({ code: 'token.invalid' });
  });
  it('gets it with the SDK’s own client, which asks once and renews in time', async () => {
    const reach = fetchTo(world.port);
    let asked = 0;
    const tokens = createServiceTokens({
      issuer: issuerUrl,
      clientId: world.service.clientId,
      clientKey: await exportJWK(world.service.privateKey),
      keys: client.keys,
      ...world.ports,
      fetch: async (url, init) => {
        asked += 1;
        const headers = Object.fromEntries(new Headers(init.headers));
        return reach(url, { method: 'POST', headers, body: String(init.body), redirect: 'manual' });
      },
    });
    const [first, second] = await Promise.all([tokens(), tokens()]);
    expect(second).toBe(first);
    expect(asked).toBe(1);
    const request = await client.apiRequest(first);
    expect(await world.sessions.authenticate.service(request)).toMatchObject({ role: 'gateway' });
    world.clock.advance(280_000);
    expect(await tokens()).not.toBe(first);
    expect(asked).toBe(2);
  });
  it('gets none with another key, another audience, or without a proof', async () => {
    expect(await errorOf(ask(client.keys.privateKey))).toBe('invalid_client');
    expect(await errorOf(ask(undefined, { resource: gatewayOrigin }))).toBe('invalid_target');
    const config = await configOf(world.service.privateKey);
    expect(await errorOf(oidc.clientCredentialsGrant(config))).toBe('invalid_grant');
  });
  it('cannot obtain a grant', async () => {
    const config = await configOf(world.service.privateKey);
    const dpop = oidc.getDPoPHandle(config, client.keys);
    const work = oidc.genericGrantRequest(
      config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      { subject_token: token, authorization_details: JSON.stringify(details()) },
      { DPoP: dpop },
    );
    expect(await errorOf(work)).toBe('invalid_request');
  });
  it('is not made by signing a token oneself', async () => {
    const forged = await new SignJWT({ client_id: world.service.clientId, cnf: { jkt: 'x' } })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(issuerUrl)
      .setAudience(`${staffOrigin}/api`)
      .setSubject(world.service.clientId)
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(world.service.privateKey);
    await expect(
      world.sessions.authenticate.service(await client.apiRequest(forged)),
    ).rejects.toMatchObject({ code: 'token.invalid' });
  });
});
