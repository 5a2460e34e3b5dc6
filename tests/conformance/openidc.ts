import type { CertifiedKey } from '../../demo/mtls-key.ts';
import { hasApacheWith, startApache, type Apache } from './apache.ts';

/** Whether Apache and mod_auth_openidc are installed here. */
export const hasOpenidc = hasApacheWith('auth_openidc');

/** Where it is called back, and where it is told that a session has ended. */
export const addressesAt = (port: number) => ({
  callback: `http://127.0.0.1:${port}/callback`,
  toldAt: `http://127.0.0.1:${port}/callback?logout=backchannel`,
});

interface Settings {
  readonly port: number;
  readonly issuer: string;
  readonly clientId: string;
  /** What it proves itself by at the token endpoint, and where that is. */
  readonly own: CertifiedKey;
  readonly tokenEndpoint: string;
  /** Whom it believes to be our server. */
  readonly authorities: string;
}

const configurationOf = (directory: string, settings: Settings): string => `
OIDCProviderMetadataURL ${settings.issuer}/.well-known/openid-configuration
OIDCProviderTokenEndpoint ${settings.tokenEndpoint}
OIDCProviderTokenEndpointAuth none
OIDCClientTokenEndpointCert ${directory}/own.crt
OIDCClientTokenEndpointKey ${directory}/own.key
OIDCCABundlePath ${directory}/authorities.pem
OIDCClientID ${settings.clientId}
OIDCRedirectURI ${addressesAt(settings.port).callback}
OIDCCryptoPassphrase of-this-test-only
OIDCPKCEMethod S256
OIDCIDTokenSignedResponseAlg ES256
OIDCScope "openid profile"
OIDCCacheType shm
<Location /callback>
  AuthType openid-connect
  Require valid-user
</Location>
<Location /up>
  Require all granted
</Location>
<Location /desk>
  AuthType openid-connect
  Require valid-user
  Header always set X-Name "%{OIDC_CLAIM_name}e"
</Location>
<Location /other>
  AuthType openid-connect
  Require claim acr:something-else
</Location>
<Location /strong>
  AuthType openid-connect
  OIDCPathAuthRequestParams acr_values=phrh
  OIDCUnAutzAction auth
  Require claim acr:phrh
</Location>
`;

/** Apache with mod_auth_openidc as a relying party; waits until it answers. */
export function startOpenidc(settings: Settings): Promise<Apache> {
  const { authorities, own, port } = settings;
  return startApache({
    port,
    modules: ['auth_openidc'],
    logLevel: 'auth_openidc:info',
    configure: (directory) => configurationOf(directory, settings),
    files: {
      'www/up': 'up',
      'www/desk': 'desk',
      'www/other': 'other',
      'www/strong': 'strong',
      'own.crt': own.certificate,
      'own.key': own.key,
      'authorities.pem': authorities,
    },
    ready: '/up',
  });
}
