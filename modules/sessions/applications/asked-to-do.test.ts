import type { DetailType } from '@proofline/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import * as oidc from 'openid-client';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { tablesOf } from '../store/tables.ts';
import { ApplicationClient } from '../testing/application-client.ts';
import { challengeFor, holdDeviceKey } from '../testing/device-key.ts';
import { createWorld, type World } from '../testing/world.ts';

const api = 'https://pay.example/';
const payment: DetailType = {
  type: 'payment',
  api,
  says: 'pay an invoice',
  fields: [
    { name: 'invoice', label: 'Invoice', form: 'text', required: true },
    { name: 'amount', label: 'Amount in euros', form: 'number', required: true },
    { name: 'actions', label: 'May', form: 'list', required: false, among: ['pay', 'cancel'] },
  ],
};
const settings = { asksFor: [api], asksToDo: [payment] };
const asked = { type: 'payment', invoice: 'I-7', amount: 12.5, actions: ['pay'] };

let storage: Storage;
let world: World;
beforeAll(async () => {
  storage = await openTestStorage(migrations);
  world = await createWorld(storage);
});
afterAll(async () => {
  await world.close();
  await storage.close();
});

const asking = (...details: object[]) => ({
  resource: api,
  authorization_details: JSON.stringify(details),
});
const errorOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'no error',
    (error: { error?: string }) => error.error ?? String(error),
  );

describe('what an application asks somebody to agree to (RFC 9396)', () => {
  it('is read by that person, each time, and stands in the token as it was agreed to', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    const server = await ApplicationClient.create(world, { settings: { serves: [api] } });
    await tool.signIn(world.anna);
    // The session answers for who they are, and for nothing that they agree to.
    const silent = await tool.authorize({ ...asking(asked), prompt: 'none' });
    expect(silent.location.searchParams.get('error')).toBe('login_required');
    const begun = await tool.authorize(asking(asked));
    expect(await tool.page(begun)).toMatchObject({
      asks: [
        {
          says: 'pay an invoice',
          items: [
            { label: 'Invoice', value: 'I-7' },
            { label: 'Amount in euros', value: '12.5' },
            { label: 'May', value: 'pay' },
          ],
        },
      ],
    });
    const tokens = await tool.redeem(begun, await tool.answer(begun, world.anna));
    expect(tokens['authorization_details']).toEqual([asked]);
    const worth = await oidc.tokenIntrospection(server.config, tokens.access_token);
    expect(worth).toMatchObject({ active: true, aud: api, authorization_details: [asked] });
    const entry = world.evidence.findLast(({ kind }) => kind === 'application.signed-in');
    expect(entry?.facts).toMatchObject({ asked: ['payment'], askedDigest: expect.any(String) });
    // It does not come with the next token.
    const later = await tool.authorize({ resource: api, prompt: 'none' });
    const next = await tool.redeem(later, later.location);
    expect(next['authorization_details']).toBeUndefined();
  });

  it('is refused where it is not registered, has more or less than that, or hides something', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    const { amount: _left, ...less } = asked;
    const refused: readonly Record<string, string>[] = [
      ...[
        { ...asked, type: 'transfer' },
        { ...asked, type: '__proto__' },
        { ...asked, to: 'mallory' },
        { ...asked, locations: [api] },
        less,
        { ...asked, amount: '12.5' },
        { ...asked, amount: null },
        { ...asked, actions: ['pay', 'delete'] },
        { ...asked, actions: [] },
        { ...asked, invoice: 'I-7\u202e7-I' },
        { ...asked, invoice: 'I-7\nAmount: 0' },
        { ...asked, invoice: 'I'.repeat(201) },
        { ...asked, invoice: { id: 'I-7' } },
      ].map((one) => asking(one)),
      asking(...Array.from({ length: 6 }, () => asked)),
      { ...asking(asked), authorization_details: '{' },
      { ...asking(asked), authorization_details: '"payment"' },
    ];
    for (const parameters of refused)
      expect({ parameters, error: await errorOf(tool.authorize(parameters)) }).toMatchObject({
        error: 'invalid_authorization_details',
      });
    // Each is for the API that it is registered for.
    const { authorization_details } = asking(asked);
    expect(await errorOf(tool.authorize({ authorization_details }))).not.toBe('no error');
    const stranger = await ApplicationClient.create(world, { settings: { asksFor: [api] } });
    expect(await errorOf(stranger.authorize(asking(asked)))).toBe('invalid_authorization_details');
  });

  it('is not asked for at the token endpoint', async () => {
    const tool = await ApplicationClient.create(world, { settings });
    const begun = await tool.authorize({ resource: api });
    const callback = await tool.answer(begun, world.anna);
    const more = oidc.authorizationCodeGrant(
      tool.config,
      callback,
      { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce },
      asking(asked),
      { DPoP: oidc.getDPoPHandle(tool.config, tool.keys) },
    );
    expect(await errorOf(more)).toBe('invalid_authorization_details');
  });
});

describe('on which machines an application may be signed in to', () => {
  it('is held at the issuer: a shared one is none of one’s own, and a passkey does not make it one', async () => {
    const policy = { acr: 'phr', modes: ['personal', 'vdi'] } as const;
    world.deskModes['Counter'] = 'shared-workstation';
    world.desks.set(world.bela, 'Counter');
    const tool = await ApplicationClient.create(world, {
      policy: { ...policy, modes: [...policy.modes] },
    });
    expect((await tool.signIn(world.anna)).claims()?.sub).toBe(world.anna);
    const shared = await ApplicationClient.create(world, {
      policy: { ...policy, modes: [...policy.modes] },
    });
    const begun = await shared.authorize();
    const back = await shared.answer(begun, world.bela);
    expect(back.searchParams.get('error')).toBe('unmet_authentication_requirements');
    expect(back.searchParams.get('code')).toBeNull();
  });

  it('is held again where the token is given, whatever the code says', async () => {
    const tool = await ApplicationClient.create(world, {
      policy: { acr: 'phr', modes: ['personal'] },
    });
    const begun = await tool.authorize();
    const callback = await tool.answer(begun, world.anna);
    await tablesOf(storage.db).updateTable('sessions').set({ mode: 'kiosk' }).execute();
    expect(await errorOf(tool.redeem(begun, callback))).toBe('invalid_grant');
  });

  it('may be those alone whose key holds the session', async () => {
    const tool = await ApplicationClient.create(world, {
      policy: { acr: 'phr', boundToDevice: true },
    });
    const begun = await tool.authorize();
    const back = await tool.answer(begun, world.anna);
    expect(back.searchParams.get('error')).toBe('unmet_authentication_requirements');
    const [session] = await world.sessions.registry.liveSessionsOf(world.anna);
    const { sessionId } = session!;
    const device = await holdDeviceKey();
    expect((await device.register(tool.browser, challengeFor(sessionId))).status).toBe(200);
    const again = await tool.authorize({ prompt: 'none' });
    expect((await tool.redeem(again, again.location)).claims()?.sub).toBe(world.anna);
  });
});
