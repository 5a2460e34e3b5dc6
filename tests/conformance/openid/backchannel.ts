import { decodeProtectedHeader } from 'jose';
import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import { signOut } from './logout-visit.ts';
import type { Module, Plan } from './module.ts';
import type { Rig } from './rig.ts';

async function expectTold(rig: Rig): Promise<void> {
  const { told: application } = rig;
  const registered = await rig.register('told', {
    backchannelLogoutUri: application.url,
  });
  const party = registered.with({ device: createDevice() });
  const { claims, idToken } = await rig.signIn(party);
  await signOut(party, { id_token_hint: idToken });
  const token = (await application.next).get('logout_token') ?? '';
  const told = await rig.verify(token, party);
  expect(decodeProtectedHeader(token).typ).toBe('logout+jwt');
  expect(told).toMatchObject({
    sub: claims.sub,
    sid: claims['sid'],
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: expect.any(String),
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  });
  expect(told).not.toHaveProperty('nonce');
}

const modules: readonly Module[] = [
  {
    name: 'OIDCCBackchannelLogoutDiscoveryEndpointVerification',
    does: 'reads the metadata: back-channel logout, and with `sid`',
    async run({ discovery }) {
      expect(discovery).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
      });
    },
  },
  {
    name: 'OIDCCBackChannelRpInitiatedLogout',
    does: 'signs out: the application is told by a signed logout token (Back-Channel Logout §2.4)',
    run: expectTold,
  },
];

/** `oidcc-backchannel-rp-initiated-logout-certification-test-plan`. */
export const backchannelLogout: Plan = {
  name: 'oidcc-backchannel-rp-initiated-logout-certification-test-plan',
  title: 'Back-channel logout',
  note: 'The application is told however the session ends; here by signing out.',
  modules,
};
