import type { RunningServer } from '@proofline/server/start';
import { exportJWK, generateKeyPair } from 'jose';

/** Two tools of the company, as it would have registered them. Nobody holds their keys. */
export async function seedApplications({ composition }: RunningServer): Promise<void> {
  const { publicKey } = await generateKeyPair('ES256');
  // A P-256 key has these members (RFC 7518 §6.2.1).
  const { x = '', y = '' } = await exportJWK(publicKey);
  await composition.sessions.importApplications([
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
      },
    },
    {
      name: 'Desktop recorder',
      realm: 'workforce',
      policy: { acr: 'phrh', maxAgeSeconds: 900 },
      settings: {
        protocol: 'oidc',
        kind: 'native',
        redirectUris: ['http://127.0.0.1/signed-in'],
        proof: { method: 'none' },
        senderBound: true,
        pushedRequests: true,
      },
    },
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

/** As an old wiki would write it. It has no key, so its requests come unsigned. */
const wikiMetadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
  entityID="https://wiki.marrowfield.example/saml">
  <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <AssertionConsumerService index="0" isDefault="true"
      Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
      Location="https://wiki.marrowfield.example/saml/acs"/>
  </SPSSODescriptor>
</EntityDescriptor>`;
