import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@proofline/kernel';
import type { OidcSettings } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import * as oidc from 'openid-client';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { callAsAdmin, type ApplicationClient } from '../testing/application-client.ts';
import { ConsoleClient } from '../testing/console-client.ts';
import { createWorld, issuerUrl, type World } from '../testing/world.ts';
import {
  createAsking,
  errorOf,
  fetchAnswer,
  hint,
  poll,
  type Asking,
  type Seat,
} from './testing/asking.ts';

let storage: Storage;
let world: World;
let asking: Asking;
beforeAll(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage);
  asking = createAsking(world, storage);
});
afterAll(async () => {
  await world.close();
  await storage.close();
});

describe('a sign-in that an application asks for elsewhere', () => {
  it('is answered to openid-client, which polls, with bound tokens of that person', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const asked = await asking.ask(tool, anna.subjectId, { requested_expiry: '9999' });
    expect(asked).toMatchObject({ interval: 5, expires_in: 300 });
    // Its first question may come when it likes; sooner than after five seconds saves the test four.
    const soon = { ...asked, interval: 1 };
    const answer = oidc.pollBackchannelAuthenticationGrant(tool.config, soon, undefined, {
      DPoP: oidc.getDPoPHandle(tool.config, tool.keys),
    });
    const request = await asking.only(anna.subjectId);
    expect(request).toMatchObject({
      applicationName: tool.application.name,
      bindingMessage: 'Till 4, code 7391',
      tellsName: true,
      acr: 'phr',
    });
    expect(world.asked).toContain(anna.subjectId);
    await asking.allow(anna, request.requestId);
    const tokens = await answer;
    expect(tokens.token_type).toBe('dpop');
    expect(tokens.claims()).toMatchObject({
      sub: anna.subjectId,
      sid: anna.sessionId,
      acr: 'phr',
      amr: ['pop', 'user'],
    });
    expect(await tool.userInfo(tokens.access_token, anna.subjectId)).toMatchObject({
      sub: anna.subjectId,
    });
    const kinds = ['sign-in-request.asked', 'sign-in-request.allowed', 'application.signed-in'];
    const [began, allowed, issued] = kinds.map((kind) => asking.said(kind, tool).at(-1));
    expect(allowed?.causes).toContain(began?.evidenceId);
    expect(issued?.causes).toContain(allowed?.evidenceId);
    // An application’s end is told where its people were asked elsewhere, as where they came by themselves.
    await world.sessions.registry.endSession(anna.sessionId, 'revoked');
    expect(await errorOf(tool.userInfo(tokens.access_token, anna.subjectId))).toBe('invalid_token');
  });

  it('slows down who asks too often, and whose pace it noted', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const { auth_req_id: id } = await asking.ask(tool, anna.subjectId);
    const answers = [];
    for (let time = 0; time < 3; time += 1) answers.push(await errorOf(fetchAnswer(tool, id)));
    expect(answers).toEqual(['authorization_pending', 'slow_down', 'slow_down']);
    world.clock.advance(10_000);
    expect(await errorOf(fetchAnswer(tool, id))).toBe('slow_down');
    world.clock.advance(20_000);
    expect(await errorOf(fetchAnswer(tool, id))).toBe('authorization_pending');
  });

  it('looks and lasts the same for whom nobody knows, and is shown to nobody', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const unknown = newId('stf', world.ports);
    world.inactive.add(unknown);
    const [known, ...others] = [
      await asking.ask(tool, anna.subjectId),
      await asking.ask(tool, unknown),
      await asking.ask(tool, 'E-0815'),
    ];
    for (const other of others) {
      expect(Object.keys(other).toSorted()).toEqual(Object.keys(known).toSorted());
      expect(other).toMatchObject({ interval: known.interval, expires_in: known.expires_in });
      expect(await errorOf(fetchAnswer(tool, other.auth_req_id))).toBe('authorization_pending');
    }
    expect(await asking.list(unknown)).toEqual([]);
    // Another request about the same one takes the place of the first, known or not.
    const [, nobody] = others;
    await asking.ask(tool, 'E-0815');
    expect(await errorOf(fetchAnswer(tool, nobody?.auth_req_id ?? ''))).toBe('expired_token');
    expect(
      asking.said('sign-in-request.asked', tool).map(({ facts }) => facts?.['isShown']),
    ).toEqual([true, false, false, false]);
  });

  it('is refused in one touch, and its application silenced for a while', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const { auth_req_id: id } = await asking.ask(tool, anna.subjectId);
    const request = await asking.only(anna.subjectId);
    const { requestId } = request;
    const no = { ...anna, requestId, silenceMinutes: 60 };
    expect(await asking.requests().refuse({ ...no, subjectId: world.bela })).toBe(false);
    expect(await asking.requests().refuse(no)).toBe(true);
    expect(await asking.requests().refuse(no)).toBe(false);
    expect(await asking.allow(anna, requestId)).toBeUndefined();
    expect(await errorOf(fetchAnswer(tool, id))).toBe('access_denied');
    await asking.ask(tool, anna.subjectId);
    expect(await asking.list(anna.subjectId)).toEqual([]);
    const { clientId: applicationId } = tool;
    expect(await asking.requests().list(anna.subjectId)).toMatchObject({
      silenced: [{ applicationId }],
    });
    await asking.requests().hearAgain({ ...anna, applicationId });
    await asking.ask(tool, anna.subjectId);
    expect(await asking.list(anna.subjectId)).toHaveLength(1);
    expect(asking.said('application.silenced', tool)).toHaveLength(1);
    expect(asking.said('application.heard-again', tool)).toHaveLength(1);
  });

  it('tires nobody: one is open, five in ten minutes are shown, and thirty a minute are taken', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    for (let time = 0; time < 5; time += 1) {
      await asking.ask(tool, anna.subjectId);
      expect(await asking.list(anna.subjectId)).toHaveLength(1);
    }
    for (let time = 5; time < 30; time += 1) await asking.ask(tool, anna.subjectId);
    expect(await asking.list(anna.subjectId)).toEqual([]);
    expect(await errorOf(asking.ask(tool, anna.subjectId))).toBe('access_denied');
    expect(await errorOf(asking.ask(tool, world.bela))).toBe('access_denied');
    // Another application is none the worse for it.
    await asking.ask(await asking.register(), anna.subjectId);
    expect(await asking.list(anna.subjectId)).toHaveLength(1);
  });

  it('ends when nobody answers in time', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const { auth_req_id: id } = await asking.ask(tool, anna.subjectId, { requested_expiry: '30' });
    const request = await asking.only(anna.subjectId);
    world.clock.advance(31_000);
    expect(await asking.list(anna.subjectId)).toEqual([]);
    expect(await asking.allow(anna, request.requestId)).toBeUndefined();
    expect(await world.sessions.endOverdueRequests()).toBeGreaterThan(0);
    expect(asking.said('sign-in-request.expired', tool)).toMatchObject([
      { facts: { because: 'too-late' } },
    ]);
    expect(await errorOf(fetchAnswer(tool, id))).toBe('expired_token');
  });
});

describe('an answer', () => {
  it('is fetched once, by the application that asked, with a key', async () => {
    const [tool, other, anna] = [
      await asking.register(),
      await asking.register(),
      await asking.seat(),
    ];
    const { auth_req_id: id } = await asking.askAndAllow(tool, anna);
    expect(await errorOf(fetchAnswer(other, id))).toBe('invalid_grant');
    const unbound = oidc.genericGrantRequest(tool.config, 'urn:openid:params:grant-type:ciba', {
      auth_req_id: id,
    });
    expect(await errorOf(unbound)).toMatch(/invalid_(grant|request|dpop_proof)/);
    const { access_token: token } = await fetchAnswer(tool, id);
    expect(await errorOf(tool.userInfo(token, anna.subjectId))).toBe('no error');
    expect(await errorOf(fetchAnswer(tool, id))).toBe('invalid_grant');
    // Of two who bring it, one is a thief: what it gave is gone.
    expect(await errorOf(tool.userInfo(token, anna.subjectId))).toBe('invalid_token');
    expect(asking.said('application.code-replayed', tool)).toHaveLength(1);
  });

  it('is worth nothing at our own API, and signs nobody in here', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const { access_token: token } = await fetchAnswer(
      tool,
      (await asking.askAndAllow(tool, anna)).auth_req_id,
    );
    const console_ = await ConsoleClient.create(world);
    const request = await console_.apiRequest(token, '/api/self', tool.keys);
    await expect(world.sessions.authenticate.staff(request)).rejects.toMatchObject({
      code: 'token.invalid',
    });
    const { location } = await console_.authorize({ prompt: 'none' });
    expect(location.searchParams.get('error')).toBe('login_required');
    const asConsole = oidc.initiateBackchannelAuthentication(console_.config, {
      scope: 'openid',
      login_hint: anna.subjectId,
      binding_message: 'Sign me in',
    });
    expect(await errorOf(asConsole)).toBe('invalid_request');
    expect(await asking.list(anna.subjectId)).toEqual([]);
  });

  it('reaches the level that the application is registered with, or the one it asks for', async () => {
    const [strict, tool, anna] = [
      await asking.register(poll, { acr: 'phrh' }),
      await asking.register(),
      await asking.seat(),
    ];
    for (const [which, parameters] of [
      [strict, {}],
      [strict, { acr_values: 'phr' }],
      [tool, { acr_values: 'phrh' }],
    ] as const) {
      await asking.ask(which, anna.subjectId, parameters);
      const request = await asking.only(anna.subjectId);
      expect(request.acr).toBe('phrh');
      expect(await asking.allow(anna, request.requestId, 'phr')).toBeUndefined();
      expect(await asking.allow(anna, request.requestId, 'phrh')).toBeDefined();
    }
    expect(await errorOf(asking.ask(tool, anna.subjectId, { acr_values: 'gold' }))).toBe(
      'invalid_request',
    );
  });

  it('comes from a machine of the kind that the application takes', async () => {
    const elsewhere = await asking.register(poll, { acr: 'phr', modes: ['kiosk'] });
    const [tool, anna] = [await asking.register(), await asking.seat()];
    for (const which of [elsewhere, tool]) {
      const isTaken = which === tool;
      await asking.ask(which, anna.subjectId);
      const { requestId } = (await asking.list(anna.subjectId))[0]!;
      expect(await asking.requests().isTakenFrom({ ...anna, requestId })).toBe(isTaken);
      expect((await asking.allow(anna, requestId)) !== undefined).toBe(isTaken);
    }
  });

  it('comes only from the one who was asked, in a session of theirs that goes on', async () => {
    const [tool, anna, bela] = [await asking.register(), await asking.seat(), await asking.seat()];
    await asking.ask(tool, anna.subjectId);
    const { requestId } = await asking.only(anna.subjectId);
    expect(await asking.allow(bela, requestId)).toBeUndefined();
    expect(await asking.allow({ ...anna, sessionId: bela.sessionId }, requestId)).toBeUndefined();
    await world.sessions.registry.lockSession(anna.sessionId, 'by-hand');
    expect(await asking.allow(anna, requestId)).toBeUndefined();
    await world.sessions.registry.endSession(anna.sessionId, 'revoked');
    expect(await asking.allow(anna, requestId)).toBeUndefined();
  });

  it('is worth nothing once session, passkey, colleague or application is another than it was', async () => {
    const oneOf = (tool: ApplicationClient) => ({ params: { applicationId: tool.clientId } });
    const ends = {
      session: ({ sessionId }: Seat) => world.sessions.registry.endSession(sessionId, 'revoked'),
      passkey: (who: Seat) => asking.removePasskey(who),
      colleague: async ({ subjectId }: Seat) => world.inactive.add(subjectId),
      application: async (_who: Seat, tool: ApplicationClient) => {
        await callAsAdmin(world, 'applications.suspend', oneOf(tool));
        await callAsAdmin(world, 'applications.resume', oneOf(tool));
      },
    };
    for (const end of Object.values(ends)) {
      const [tool, seat] = [await asking.register(), await asking.seat()];
      // They are signed in with another passkey than they answer with.
      const anna = { ...seat, authenticatorId: newId('ath', world.ports) };
      const fetched = (await asking.askAndAllow(tool, anna)).auth_req_id;
      const { access_token: token } = await fetchAnswer(tool, fetched);
      const { auth_req_id: id } = await asking.askAndAllow(tool, anna);
      await end(anna, tool);
      expect(await errorOf(tool.userInfo(token, anna.subjectId))).toBe('invalid_token');
      expect(await errorOf(fetchAnswer(tool, id))).toBe('invalid_grant');
    }
    const [tool, anna] = [await asking.register(), await asking.seat()];
    await asking.ask(tool, anna.subjectId);
    await ends.application(anna, tool);
    expect(await asking.list(anna.subjectId)).toEqual([]);
  });
});

describe('who is meant', () => {
  const request = (tool: ApplicationClient, parameters: Record<string, string>) =>
    oidc.initiateBackchannelAuthentication(tool.config, {
      scope: 'openid',
      binding_message: 'Code 1',
      ...parameters,
    });

  it('is said once, by a name, a token of the application’s own, or an ID token that it was given', async () => {
    const [tool, other, anna] = [
      await asking.register(),
      await asking.register(),
      await asking.seat(),
    ];
    const sub_id = { format: 'iss_sub', iss: issuerUrl, sub: anna.subjectId };
    const good = await hint(tool, { sub_id });
    await request(tool, { login_hint_token: good });
    expect(await asking.list(anna.subjectId)).toHaveLength(1);
    const { id_token: idToken = '' } = await fetchAnswer(
      tool,
      (await asking.askAndAllow(tool, anna)).auth_req_id,
    );
    await request(tool, { id_token_hint: idToken });
    expect(await asking.list(anna.subjectId)).toHaveLength(1);
    const refused: readonly Record<string, string>[] = [
      {},
      { login_hint: anna.subjectId, login_hint_token: good },
      { login_hint_token: await hint(tool, { sub_id }, other.key) },
      { login_hint_token: await hint(tool, {}) },
      {
        login_hint_token: await hint(tool, { sub_id: { ...sub_id, iss: 'https://evil.example' } }),
      },
      { login_hint: 'x'.repeat(201) },
      { login_hint: anna.subjectId, user_code: '1234' },
      { login_hint: anna.subjectId, request_context: '{}' },
    ];
    for (const parameters of refused)
      expect(await errorOf(request(tool, parameters))).toBe('invalid_request');
    expect(await errorOf(request(other, { id_token_hint: idToken }))).toBe('invalid_request');
    // What nobody is shown, nobody agrees to (RFC 9396).
    const unseen = { authorization_details: JSON.stringify([{ type: 'payment' }]) };
    expect(await errorOf(request(tool, { login_hint: anna.subjectId, ...unseen }))).toBe(
      'invalid_authorization_details',
    );
  });

  it('is told what to compare, in a line that says what it looks like', async () => {
    const [tool, anna] = [await asking.register(), await asking.seat()];
    const bad = ['', ' ', 'a\nb', 'pay \u202E100', 'a\u200Bb', 'x'.repeat(101), '\u0000'];
    for (const binding_message of bad)
      expect(await errorOf(asking.ask(tool, anna.subjectId, { binding_message }))).toBe(
        'invalid_binding_message',
      );
    expect(await asking.list(anna.subjectId)).toEqual([]);
    await asking.ask(tool, anna.subjectId, { binding_message: 'Kasse 4 – Prüfziffer 7391 ✓' });
    expect(await asking.list(anna.subjectId)).toHaveLength(1);
  });
});

describe('an application that wants to be told', () => {
  const toldAt = 'https://tool.example/answered';
  const ping: Partial<OidcSettings> = {
    redirectUris: [],
    backchannel: { delivery: 'ping', toldAt },
  };
  const token = { client_notification_token: 'A'.repeat(43) };

  it('is told of yes and no alike, with its own token, until it has heard; and of nothing else', async () => {
    const [tool, anna] = [await asking.register(ping), await asking.seat()];
    const keptOf = async () =>
      JSON.stringify(
        await storage.db
          .withTables<{ session_sign_in_requests: object; oidc_transients: object }>()
          .selectFrom(['session_sign_in_requests', 'oidc_transients'])
          .selectAll()
          .execute(),
      );
    const asked = await asking.ask(tool, anna.subjectId, token);
    expect(await keptOf()).not.toContain(token.client_notification_token);
    expect(await keptOf()).not.toContain(asked.auth_req_id);
    world.pings.told.length = 0;
    expect(await world.sessions.deliverPings()).toBe(0);
    const request = await asking.only(anna.subjectId);
    await asking.allow(anna, request.requestId);
    world.pings.areRefused = true;
    expect(await world.sessions.deliverPings()).toBe(0);
    world.pings.areRefused = false;
    world.clock.advance(2_000);
    expect(await world.sessions.deliverPings()).toBe(1);
    expect(await world.sessions.deliverPings()).toBe(0);
    const told = { url: toldAt, token: token.client_notification_token };
    expect(world.pings.told).toEqual([{ ...told, authReqId: asked.auth_req_id }]);
    expect((await fetchAnswer(tool, asked.auth_req_id)).access_token).toBeTypeOf('string');
    expect(asking.said('sign-in-request.told', tool)).toMatchObject([
      { facts: { outcome: 'told', attempts: 2 } },
    ]);
    const { auth_req_id: second } = await asking.ask(tool, anna.subjectId, token);
    const { requestId } = await asking.only(anna.subjectId);
    await asking.requests().refuse({ ...anna, requestId });
    expect(await world.sessions.deliverPings()).toBe(1);
    expect(world.pings.told.at(-1)?.authReqId).toBe(second);
  });

  it('gives a token for it, and an address of its own over https', async () => {
    const tool = await asking.register(ping);
    expect(await errorOf(asking.ask(tool, world.anna))).toBe('invalid_request');
    const unusable: readonly Partial<OidcSettings>[] = [
      { ...ping, proof: { method: 'none' } },
      { ...ping, senderBound: false },
      { ...ping, backchannel: { delivery: 'ping', toldAt: 'http://127.0.0.1/' } },
      { ...ping, backchannel: { delivery: 'ping', toldAt: 'http://staff.localhost:4400/' } },
    ];
    for (const settings of unusable)
      await expect(asking.register(settings)).rejects.toMatchObject({
        code: 'application.unusable',
      });
  });
});
