import { X509Certificate } from 'node:crypto';
import { certificateThumbprint, checkConfirmation } from '@proofline/enforce';
import { expect } from 'vitest';
import { createDevice } from '../../../demo/actors/device.ts';
import { selfSigned, type CertifiedKey } from '../../../demo/mtls-key.ts';
import { createCertifiedFetch } from './certified-fetch.ts';
import { expectError, expectHonest, expectRefused } from './expectations.ts';
import type { Module, Plan } from './module.ts';
import type { RelyingParty } from './relying-party.ts';
import { api, type Rig } from './rig.ts';

/** The same party, connecting with another certificate, or with none. */
function showing(rig: Rig, party: RelyingParty, own?: CertifiedKey): RelyingParty {
  const { mtlsAuthority: authority, origins } = rig.company;
  const device = createDevice(createCertifiedFetch({ authority, own }));
  return party.with({ mutual: { origin: origins.mtls, device } });
}

const thumbprintOf = ({ certificate }: CertifiedKey) =>
  certificateThumbprint(new Uint8Array(new X509Certificate(certificate).raw));

let registered: Promise<{ party: RelyingParty; own: CertifiedKey }> | undefined;

/** One party for all of them: a certificate proves it, and binds its tokens. */
function certified(rig: Rig) {
  registered ??= (async () => {
    const own = await selfSigned('certified.example');
    const party = await rig.register('certified', {
      proof: { method: 'self_signed_tls_client_auth', certificates: [own.certificate] },
      senderBound: false,
      certificateBound: true,
      asksFor: [api],
    });
    return { own, party: showing(rig, party, own) };
  })();
  return registered;
}

const holderOfKey: Module = {
  name: 'FAPI2SPFinalEnsureHolderOfKeyRequired',
  does: 'calls every endpoint without the certificate, with a stranger’s, and where none is looked at: refused',
  async run(rig) {
    const { party } = await certified(rig);
    const { accessToken } = await rig.signIn(party);
    const stranger = await selfSigned('certified.example');
    for (const thief of [
      showing(rig, party),
      showing(rig, party, stranger),
      party.with({ mutual: undefined }),
    ]) {
      const { last } = await thief.authorize();
      expectError(last, 'invalid_client');
      const visit = await party.authorize();
      expectError(await thief.redeem(visit), 'invalid_client');
      expect((await thief.userInfo(accessToken)).status).toBe(401);
    }
    expect((await party.userInfo(accessToken)).status).toBe(200);
  },
};

const happy: Module = {
  name: 'FAPI2SPFinalHappyFlow',
  does: 'signs in, and the token is bound to the certificate, as userinfo and introspection say (RFC 8705 §3)',
  async run(rig) {
    const { own, party } = await certified(rig);
    const signedIn = await rig.signIn(party);
    expectHonest(signedIn, rig, party);
    expect((await party.userInfo(signedIn.accessToken)).body).toMatchObject({
      sub: rig.person.subjectId,
    });
    const asking = { parameters: { resource: api } };
    const { accessToken } = await rig.signIn(party, asking);
    const worth = await rig.second.post('/token/introspection', { token: accessToken });
    const { active, cnf } = worth.body as { active: boolean; cnf: unknown }; // RFC 7662 §2.2
    expect(active).toBe(true);
    // What an API does that was called with this token, over a connection with some certificate.
    const heldBy = async (one: CertifiedKey) =>
      checkConfirmation(cnf, { certificate: await thumbprintOf(one) }).ok;
    expect(await heldBy(own)).toBe(true);
    expect(await heldBy(await selfSigned('certified.example'))).toBe(false);
  },
};

const modules: readonly Module[] = [
  {
    name: 'FAPI2SPFinalDiscoveryEndpointVerification',
    does: 'reads the metadata: the method, bound tokens, and where certificates are looked at (RFC 8705 §5)',
    async run({ company, discovery }) {
      expect(discovery).toMatchObject({
        tls_client_certificate_bound_access_tokens: true,
        token_endpoint_auth_methods_supported: expect.arrayContaining([
          'self_signed_tls_client_auth',
        ]),
        mtls_endpoint_aliases: {
          token_endpoint: `${company.origins.mtls}/oidc/token`,
          pushed_authorization_request_endpoint: `${company.origins.mtls}/oidc/request`,
        },
      });
    },
  },
  happy,
  holderOfKey,
  {
    name: 'FAPI2SPFinalEnsureClientIdInTokenEndpoint',
    does: 'names another client beside its own certificate: `invalid_client`',
    async run(rig) {
      const { party } = await certified(rig);
      const visit = await party.authorize();
      const proof = { client_id: rig.fapi.clientId };
      expectError(await party.redeem(visit, {}, { proof }), 'invalid_client');
    },
  },
  {
    name: 'FAPI2SPFinalEnsureAuthorizationCodeIsBoundToClient',
    does: 'redeems another client’s code: `invalid_grant`',
    async run(rig) {
      const { party } = await certified(rig);
      const visit = await rig.fapi.authorize();
      const parameters = { redirect_uri: rig.fapi.redirectUri };
      expectError(await party.redeem(visit, parameters), 'invalid_grant');
    },
  },
  {
    name: 'FAPI2SPFinalPAREnsureRequestUriIsBoundToClient',
    does: 'uses another client’s request: refused',
    async run(rig) {
      const { party } = await certified(rig);
      const { sent } = await party.authorize();
      const pushed = await party.post('/request', sent);
      const { request_uri: requestUri } = pushed.body as { request_uri: string }; // RFC 9126 §2.2
      const visit = await party.visit({ client_id: rig.fapi.clientId, request_uri: requestUri });
      expectRefused(visit, {
        errors: ['invalid_request_object', 'invalid_request_uri', 'invalid_request'],
      });
    },
  },
  {
    name: 'FAPI2SPFinalAttemptReuseAuthorizationCodeAfterOneSecond',
    does: 'redeems a code twice: `invalid_grant`, and the access token is dead',
    async run(rig) {
      const { party } = await certified(rig);
      const { accessToken, visit } = await rig.signIn(party);
      expectError(await party.redeem(visit), 'invalid_grant');
      expect((await party.userInfo(accessToken)).status).toBe(401);
    },
  },
];

/** `fapi2-security-profile-final-test-plan`, with `client_auth_type` and `sender_constrain` `mtls`. */
export const fapi2MutualTls: Plan = {
  name: 'fapi2-security-profile-final-test-plan',
  title: 'FAPI 2.0 security profile, final, with mTLS',
  note: 'The modules of the plan that differ where a certificate proves the client and binds its tokens.',
  modules,
};
