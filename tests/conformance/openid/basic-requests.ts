import { UnsecuredJWT } from 'jose';
import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import { expectHonest, expectRefused, failsToAuthorize, succeeds } from './expectations.ts';
import type { Module } from './module.ts';
import type { Parameters } from './relying-party.ts';
import type { Rig, SignedIn } from './rig.ts';

const which = (rig: Rig) => rig.basic;

const accepts = (name: string, does: string, parameters: Parameters): Module =>
  succeeds(name, { does, which, asking: { parameters } });

/** A request object without a signature, as the suite builds it. */
const requestObject = (clientId: string, more: object = {}) =>
  new UnsecuredJWT({
    client_id: clientId,
    response_type: 'code',
    scope: 'openid',
    ...more,
  }).encode();

const refusesRequestObject = (name: string, does: string, more: object): Module => ({
  name,
  does,
  outcome: 'refused',
  async run(rig) {
    const request = requestObject(rig.basic.clientId, more);
    const visit = await rig.basic.authorize({ parameters: { request } });
    expectRefused(visit, { errors: ['request_not_supported', 'invalid_request_object'] });
    if (visit.callback)
      expect(visit.callback.href).toMatch(/^https:\/\/basic\.example\/callback\?/);
  },
});

function expectLevel({ claims }: SignedIn): void {
  expect(['phr', 'phrh']).toContain(claims['acr']);
}

const promptLogin: Module = {
  name: 'OIDCCPromptLogin',
  does: 'signs in twice, the second time with `prompt=login`: asked again, a later `auth_time`',
  async run(rig) {
    const first = await rig.signIn(rig.basic);
    await rig.letProofsAge(5);
    const again = await rig.signIn(rig.basic, { parameters: { prompt: 'login' } });
    expectHonest(again, rig, rig.basic);
    expect(again.visit.prompts).toBe(1);
    expect(Number(again.claims['auth_time'])).toBeGreaterThan(
      Number(first.claims['auth_time']) - 5,
    );
    expect(again.claims.sub).toBe(first.claims.sub);
  },
};

const promptNone: Module = {
  name: 'OIDCCPromptNoneLoggedIn',
  does: 'signs in, and again with `prompt=none`: nobody is asked, the same `sub` and `auth_time`',
  async run(rig) {
    const first = await rig.signIn(rig.basic);
    const again = await rig.signIn(rig.basic, { parameters: { prompt: 'none' } });
    expectHonest(again, rig, rig.basic);
    expect(again.visit.prompts).toBe(0);
    expect(again.claims).toMatchObject({
      sub: first.claims.sub,
      auth_time: first.claims['auth_time'],
    });
  },
};

const maxAge1: Module = {
  name: 'OIDCCMaxAge1',
  does: 'comes back with `max_age=1` later than that: asked again, a later `auth_time`',
  async run(rig) {
    await rig.signIn(rig.basic);
    await rig.letProofsAge(5);
    const before = await rig.signIn(rig.basic, { parameters: { prompt: 'none' } });
    const again = await rig.signIn(rig.basic, { parameters: { max_age: '1' } });
    expect(again.visit.prompts).toBe(1);
    expect(Number(again.claims['auth_time'])).toBeGreaterThan(Number(before.claims['auth_time']));
  },
};

const maxAge10000: Module = {
  name: 'OIDCCMaxAge10000',
  does: 'comes back with `max_age=10000`: nobody is asked, the same `auth_time`',
  async run(rig) {
    const first = await rig.signIn(rig.basic);
    const again = await rig.signIn(rig.basic, { parameters: { max_age: '10000' } });
    expect(again.visit.prompts).toBe(0);
    expect(again.claims['auth_time']).toBe(first.claims['auth_time']);
  },
};

const idTokenHint: Module = {
  name: 'OIDCCIdTokenHint',
  does: 'comes back with `prompt=none` and the ID token as a hint: the same person, and nobody else',
  async run(rig) {
    const { idToken } = await rig.signIn(rig.basic);
    const parameters = { prompt: 'none', id_token_hint: idToken };
    const again = await rig.signIn(rig.basic, { parameters });
    expect(again.claims.sub).toBe(rig.nameOf(rig.person, rig.basic));
    const elsewhere = rig.basic.with({ device: createDevice(), person: rig.other });
    await elsewhere.authorize();
    expectRefused(await elsewhere.authorize({ parameters }), {
      errors: ['login_required'],
      where: 'callback',
    });
  },
};

/** What an authorization request may say. */
export const basicRequests: readonly Module[] = [
  accepts('OIDCCEnsureRequestWithoutNonceSucceedsForCodeFlow', 'sends no `nonce`', {
    nonce: undefined,
  }),
  accepts('OIDCCDisplayPage', 'sends `display=page`', { display: 'page' }),
  accepts('OIDCCDisplayPopup', 'sends `display=popup`', { display: 'popup' }),
  promptLogin,
  {
    name: 'OIDCCPromptNoneNotLoggedIn',
    does: 'comes with `prompt=none` where nobody is signed in: `login_required`',
    async run(rig) {
      const nobody = rig.basic.with({ device: createDevice() });
      expectRefused(await nobody.authorize({ parameters: { prompt: 'none' } }), {
        errors: ['login_required'],
        where: 'callback',
      });
    },
  },
  promptNone,
  maxAge1,
  maxAge10000,
  accepts('OIDCCEnsureRequestWithUnknownParameterSucceeds', 'sends a parameter that nobody knows', {
    extra: 'foobar',
  }),
  idTokenHint,
  accepts('OIDCCLoginHint', 'sends `login_hint`', { login_hint: 'ana.ruiz@example.com' }),
  accepts('OIDCCUiLocales', 'sends `ui_locales`', { ui_locales: 'se' }),
  accepts('OIDCCClaimsLocales', 'sends `claims_locales`', { claims_locales: 'se' }),
  succeeds('OIDCCEnsureRequestWithAcrValuesSucceeds', {
    does: 'sends `acr_values`: the ID token tells which of them was reached',
    which,
    asking: { parameters: { acr_values: 'phr phrh' } },
    and: expectLevel,
  }),
  failsToAuthorize('OIDCCEnsureRegisteredRedirectUri', {
    does: 'asks to be called back at an address that is not registered: a page, and no redirect',
    which,
    asking: { parameters: { redirect_uri: 'https://basic.example/callback/other' } },
    errors: ['invalid_redirect_uri', 'invalid_request'],
    where: 'page',
  }),
  succeeds('OIDCCEnsurePostRequestSucceeds', {
    does: 'sends the authorization request by POST',
    which,
    asking: { method: 'POST' },
  }),
  failsToAuthorize('OIDCCRequestUriUnsignedSupportedCorrectlyOrRejectedAsUnsupported', {
    does: 'passes a request object by reference: nothing is fetched, `request_uri_not_supported`',
    which,
    asking: { parameters: { request_uri: 'https://basic.example/request.jwt' } },
    errors: ['request_uri_not_supported', 'invalid_request_uri'],
    outcome: 'refused',
  }),
  refusesRequestObject(
    'OIDCCUnsignedRequestObjectSupportedCorrectlyOrRejectedAsUnsupported',
    'passes an unsigned request object by value: refused',
    {},
  ),
  refusesRequestObject(
    'OIDCCEnsureRequestObjectWithRedirectUri',
    'passes one that names another redirect URI: refused, and nobody is sent there',
    { redirect_uri: 'https://elsewhere.example/callback' },
  ),
];
