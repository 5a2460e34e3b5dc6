import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import { expectRefused } from './expectations.ts';
import { signOut, type SignedOut } from './logout-visit.ts';
import type { Module, Plan } from './module.ts';
import type { Parameters, RelyingParty } from './relying-party.ts';
import { afterLogout, type Rig, type SignedIn } from './rig.ts';

interface Case {
  readonly does: string;
  readonly parameters: (signedIn: SignedIn, party: RelyingParty) => Parameters;
  readonly ends: (end: SignedOut) => void;
  /** Whether the session is over afterwards. */
  readonly over: boolean;
}

/** Somebody signs in at a browser of their own, and out again. */
const logout = (name: string, { does, parameters, ends, over }: Case): Module => ({
  name,
  does,
  async run(rig: Rig) {
    const party = rig.basic.with({ device: createDevice() });
    const signedIn = await rig.signIn(party);
    const end = await signOut(party, parameters(signedIn, party));
    ends(end);
    const silent = await party.authorize({ parameters: { prompt: 'none' } });
    if (over) expectRefused(silent, { errors: ['login_required'], where: 'callback' });
    else expect(silent.code).not.toBe('');
  },
});

const sentWith = (state: string | null) => (end: SignedOut) => {
  expect(end.asked).toBe(true);
  expect(`${end.sentTo?.origin}${end.sentTo?.pathname}`).toBe(afterLogout);
  expect(end.sentTo?.searchParams.get('state') ?? null).toBe(state);
};

const toldHere = ({ asked, error, sentTo }: SignedOut) => {
  expect({ asked, error }).toEqual({ asked: true, error: undefined });
  expect(sentTo).toBeUndefined();
};

const refused = ({ asked, error, sentTo }: SignedOut) => {
  expect(asked).toBe(false);
  expect(error).toBe('invalid_request');
  expect(sentTo).toBeUndefined();
};

/** The same token with another signature. */
function tamper(idToken: string): string {
  const [header, payload, signature = ''] = idToken.split('.');
  return `${header}.${payload}.${signature.replace(/^.{8}/, 'AAAAAAAA')}`;
}

const after = { post_logout_redirect_uri: afterLogout };

const modules: readonly Module[] = [
  {
    name: 'OIDCCRpInitiatedLogoutDiscoveryEndpointVerification',
    does: 'reads the metadata: an `end_session_endpoint`',
    async run({ discovery, issuer }) {
      expect(String(discovery['end_session_endpoint'])).toContain(`${issuer}/`);
    },
  },
  logout('OIDCCRpInitiatedLogout', {
    does: 'signs out with hint, address and state: asked, sent back with the state, and signed out',
    parameters: ({ idToken }) => ({ id_token_hint: idToken, ...after, state: 'bye' }),
    ends: sentWith('bye'),
    over: true,
  }),
  logout('OIDCCRpInitiatedLogoutBadLogoutRedirectUri', {
    does: 'names an address that is not registered: an error page, and nobody is sent there',
    parameters: ({ idToken }) => ({
      id_token_hint: idToken,
      post_logout_redirect_uri: 'https://basic.example/elsewhere',
    }),
    ends: refused,
    over: false,
  }),
  logout('OIDCCRpInitiatedLogoutQueryAddedToLogoutRedirectUri', {
    does: 'adds a query to the registered address: an error page',
    parameters: ({ idToken }) => ({
      id_token_hint: idToken,
      post_logout_redirect_uri: `${afterLogout}?foo=bar`,
    }),
    ends: refused,
    over: false,
  }),
  logout('OIDCCRpInitiatedLogoutModifiedIdTokenHint', {
    does: 'sends a hint whose signature is not ours: an error page',
    parameters: ({ idToken }) => ({ id_token_hint: tamper(idToken), ...after, state: 'bye' }),
    ends: refused,
    over: false,
  }),
  logout('OIDCCRpInitiatedLogoutBadIdTokenHint', {
    does: 'sends a hint that is no token: an error page',
    parameters: () => ({ id_token_hint: 'not.a.token', ...after, state: 'bye' }),
    ends: refused,
    over: false,
  }),
  logout('OIDCCRpInitiatedLogoutNoIdTokenHint', {
    does: 'sends no hint, so nobody knows whose address it is: it is not followed',
    parameters: () => ({ ...after, state: 'bye' }),
    ends: toldHere,
    over: true,
  }),
  logout('OIDCCRpInitiatedLogoutNoParams', {
    does: 'sends nothing: asked, told that it is done, and signed out',
    parameters: () => ({}),
    ends: toldHere,
    over: true,
  }),
  logout('OIDCCRpInitiatedLogoutNoPostLogoutRedirectUri', {
    does: 'sends a hint and no address: asked, told that it is done, and signed out',
    parameters: ({ idToken }) => ({ id_token_hint: idToken }),
    ends: toldHere,
    over: true,
  }),
  logout('OIDCCRpInitiatedLogoutNoState', {
    does: 'sends no state: sent back without one, and signed out',
    parameters: ({ idToken }) => ({ id_token_hint: idToken, ...after }),
    ends: sentWith(null),
    over: true,
  }),
  logout('OIDCCRpInitiatedLogoutOnlyState', {
    does: 'sends a state alone: asked, told that it is done, and signed out',
    parameters: () => ({ state: 'bye' }),
    ends: toldHere,
    over: true,
  }),
];

/** `oidcc-rp-initiated-logout-certification-test-plan`. */
export const rpInitiatedLogout: Plan = {
  name: 'oidcc-rp-initiated-logout-certification-test-plan',
  title: 'RP-initiated logout',
  note: 'Whoever is signed in is always asked first. Each module signs in at a browser of its own.',
  modules,
};
