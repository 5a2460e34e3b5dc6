import type { ApplicationDraft, DetailType } from '@proofline/protocol';
import type { RunningServer } from '@proofline/server/start';
import { selfSigned } from './mtls-key.ts';
import { exportJWK, generateKeyPair } from 'jose';

/** Some tools of the company, as it would have registered them. Nobody holds their keys. */
export async function seedApplications({ sessions }: RunningServer['composition']): Promise<void> {
  const { publicKey } = await generateKeyPair('ES256');
  // A P-256 key has these members (RFC 7518 §6.2.1).
  const { x = '', y = '' } = await exportJWK(publicKey);
  const { certificate } = await selfSigned('wallboard.marrowfield.example');
  await sessions.importApplications([
    wallboard(certificate),
    {
      name: 'Shift planner',
      realm: 'workforce',
      policy: { acr: 'phr', maxAgeSeconds: 28_800 },
      settings: {
        protocol: 'oidc',
        kind: 'web',
        redirectUris: ['https://shifts.marrowfield.example/signed-in'],
        postLogoutRedirectUris: ['https://shifts.marrowfield.example/'],
        backchannelLogoutUri: 'https://shifts.marrowfield.example/signed-out',
        proof: {
          method: 'private_key_jwt',
          jwks: { keys: [{ kty: 'EC', crv: 'P-256', x, y, kid: 'shifts-1' }] },
        },
        senderBound: false,
        pushedRequests: true,
        asksFor: ['https://shifts.marrowfield.example/api'],
        asksToDo: [swap],
      },
    },
    {
      name: 'Desktop recorder',
      realm: 'workforce',
      policy: { acr: 'phrh', maxAgeSeconds: 900, modes: ['personal'] },
      settings: {
        protocol: 'oidc',
        kind: 'native',
        redirectUris: ['http://127.0.0.1/signed-in'],
        proof: { method: 'none' },
        senderBound: true,
        pushedRequests: true,
      },
    },
    timeClock({ x, y }),
    {
      name: 'Knowledge base',
      realm: 'workforce',
      policy: { acr: 'phr' },
      settings: {
        protocol: 'saml',
        entityId: 'https://wiki.marrowfield.example/saml',
        metadata: wikiMetadata,
        attributes: ['display-name'],
      },
    },
  ]);
}

/** A terminal at the door, without a browser: it asks colleagues, and they answer in the console. */
const timeClock = (point: { readonly x: string; readonly y: string }): ApplicationDraft => ({
  name: 'Time clock',
  realm: 'workforce',
  policy: { acr: 'phr' },
  settings: {
    protocol: 'oidc',
    kind: 'native',
    redirectUris: [],
    proof: {
      method: 'private_key_jwt',
      jwks: { keys: [{ kty: 'EC', crv: 'P-256', ...point, kid: 'clock-1' }] },
    },
    senderBound: true,
    pushedRequests: false,
    backchannel: { delivery: 'poll' },
  },
});

/** What colleagues agree to, each time by their passkey. */
const swap: DetailType = {
  type: 'shift_swap',
  api: 'https://shifts.marrowfield.example/api',
  says: 'swap one of your shifts',
  fields: [
    { name: 'shift', label: 'Your shift', form: 'text', required: true },
    { name: 'colleague', label: 'Taken over by', form: 'text', required: true },
  ],
};

/** A program that proves itself by the certificate of its connection. */
const wallboard = (certificate: string): ApplicationDraft => ({
  name: 'Wallboard',
  realm: 'workforce',
  policy: { acr: 'phr' },
  settings: {
    protocol: 'oidc',
    kind: 'web',
    redirectUris: ['https://wallboard.marrowfield.example/callback'],
    proof: { method: 'self_signed_tls_client_auth', certificates: [certificate] },
    senderBound: false,
    certificateBound: true,
    // Called by the desks’ pages, it reads the shifts in their colleague’s name.
    serves: ['https://wallboard.marrowfield.example/api'],
    asksFor: ['https://shifts.marrowfield.example/api'],
    actsFor: true,
    pushedRequests: true,
  },
});

/** As an old wiki would write it. It has no key, so its requests come unsigned. */
const wikiMetadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
  entityID="https://wiki.marrowfield.example/saml">
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <AssertionConsumerService index="0" isDefault="true"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
      Location="https://wiki.marrowfield.example/saml/acs"/>
  </SPSSODescriptor>
</EntityDescriptor>`;
