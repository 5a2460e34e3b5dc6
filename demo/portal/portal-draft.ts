import type { ApplicationDraft } from '@proofline/protocol';
import type { PortalKey } from './portal-key.ts';

/** Where the portal is. Loopback by its number: a name would be one of Proofline’s own hosts’ kind. */
export const portalOrigin = (port: number): string => `http://127.0.0.1:${port}`;

/** The portal, as the company has registered it. */
export const portalDraft = (port: number, { publicJwk }: PortalKey): ApplicationDraft => ({
  name: 'My account',
  realm: 'customers',
  policy: { acr: 'phr' },
  settings: {
    protocol: 'oidc',
    // In the demo it runs on the visitor’s own machine. Elsewhere it is a website, with https.
    kind: 'native',
    redirectUris: ['http://127.0.0.1/portal/signed-in'],
    postLogoutRedirectUris: ['http://127.0.0.1/portal'],
    backchannelLogoutUri: `${portalOrigin(port)}/portal/ended`,
    proof: { method: 'private_key_jwt', jwks: { keys: [publicJwk] } },
    senderBound: false,
    pushedRequests: true,
    mayLearn: ['name', 'account-number'],
  },
});
