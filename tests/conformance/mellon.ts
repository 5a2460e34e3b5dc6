import { freePorts } from '../../demo/ports.ts';
import { hasApacheWith, startApache, type Apache } from './apache.ts';

/** Whether Apache and mod_auth_mellon are installed here. */
export const hasMellon = hasApacheWith('auth_mellon');

/** A service provider that is somebody else's program: Apache with mod_auth_mellon. */
export interface Mellon extends Apache {
  readonly port: number;
  /** Its metadata, as an administrator would upload it; and that of `/strong`, a provider of its own. */
  readonly metadata: { readonly desk: string; readonly strong: string };
}

interface Settings {
  readonly idpMetadata: string;
  readonly key: { readonly privateKeyPem: string; readonly certificate: string };
  /** What `/strong` demands (`MellonAuthnContextClassRef`). */
  readonly strongClass: string;
}

function metadataOf(endpoints: string, certificate: string): string {
  const data = `<ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data>`;
  const info = `<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">${data}</ds:KeyInfo>`;
  const key = (use: string) => `<KeyDescriptor use="${use}">${info}</KeyDescriptor>`;
  const at = (binding: string, path: string) =>
    `Binding="urn:oasis:names:tc:SAML:2.0:bindings:${binding}" Location="${endpoints}/${path}"`;
  const protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
  return `<?xml version="1.0" encoding="UTF-8"?>
<!-- As mellon_create_metadata.sh writes it. -->
<EntityDescriptor entityID="${endpoints}/metadata" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
  <SPSSODescriptor AuthnRequestsSigned="true" WantAssertionsSigned="true"
    protocolSupportEnumeration="${protocol}">
    ${key('signing')}
    ${key('encryption')}
    <SingleLogoutService ${at('SOAP', 'logout')}/>
    <SingleLogoutService ${at('HTTP-Redirect', 'logout')}/>
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:transient</NameIDFormat>
    <AssertionConsumerService index="0" isDefault="true" ${at('HTTP-POST', 'postResponse')}/>
    <AssertionConsumerService index="1" ${at('HTTP-Artifact', 'artifactResponse')}/>
  </SPSSODescriptor>
</EntityDescriptor>`;
}

const configurationOf = (directory: string, strongClass: string): string => `
<Location />
  MellonEnable info
  MellonEndpointPath /mellon
  MellonSPPrivateKeyFile ${directory}/sp.key
  MellonSPCertFile ${directory}/sp.crt
  MellonSPMetadataFile ${directory}/sp.xml
  MellonIdPMetadataFile ${directory}/idp.xml
  MellonSecureCookie Off
  MellonSignatureMethod rsa-sha256
  Require all granted
</Location>
<Location /desk>
  AuthType Mellon
  MellonEnable auth
  Require valid-user
  Header always set X-Name "%{MELLON_NAME_ID}e"
</Location>
<Location /strong>
  AuthType Mellon
  MellonEnable auth
  MellonVariable strong
  MellonEndpointPath /strong/mellon
  MellonSPMetadataFile ${directory}/strong.xml
  MellonAuthnContextClassRef "${strongClass}"
  MellonAuthnContextComparisonType exact
  Require valid-user
</Location>
`;

const pem = (certificate: string): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;

/** Starts Apache on loopback, and waits until it answers. */
export async function startMellon({ idpMetadata, key, strongClass }: Settings): Promise<Mellon> {
  const { server: port } = await freePorts();
  const origin = `http://127.0.0.1:${port}`;
  const metadata = {
    desk: metadataOf(`${origin}/mellon`, key.certificate),
    // Mellon asks for a level where its own endpoints are configured to.
    strong: metadataOf(`${origin}/strong/mellon`, key.certificate),
  };
  const apache = await startApache({
    port,
    modules: ['auth_mellon'],
    logLevel: 'auth_mellon:info',
    configure: (directory) => configurationOf(directory, strongClass),
    files: {
      'www/desk': 'desk',
      'www/strong': 'strong',
      'sp.key': key.privateKeyPem,
      'sp.crt': pem(key.certificate),
      'sp.xml': metadata.desk,
      'strong.xml': metadata.strong,
      'idp.xml': idpMetadata,
    },
    ready: '/mellon/metadata',
  });
  return { ...apache, port, metadata };
}
