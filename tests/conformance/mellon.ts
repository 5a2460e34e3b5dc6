import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
  chmodSync,
  readFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const MODULES = '/usr/lib/apache2/modules';
const APACHE = '/usr/sbin/apache2';

/** Whether Apache and mod_auth_mellon are installed here. */
export const hasMellon = existsSync(APACHE) && existsSync(`${MODULES}/mod_auth_mellon.so`);

/** A service provider that is somebody else's program: Apache with mod_auth_mellon. */
export interface Mellon {
  readonly origin: string;
  readonly port: number;
  /** Its metadata, as an administrator would upload it; and that of `/strong`, a provider of its own. */
  readonly metadata: { readonly desk: string; readonly strong: string };
  close(): Promise<void>;
}

interface Settings {
  readonly idpMetadata: string;
  readonly key: { readonly privateKeyPem: string; readonly certificate: string };
  /** What `/strong` demands (`MellonAuthnContextClassRef`). */
  readonly strongClass: string;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
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

function configurationOf(directory: string, port: number, strongClass: string): string {
  const load = (name: string) => {
    const file = `${MODULES}/mod_${name}.so`;
    return existsSync(file) ? `LoadModule ${name}_module ${file}` : '';
  };
  const loaded = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'alias'];
  // Started by root, Apache works as somebody else.
  const user = process.getuid?.() === 0 ? 'User www-data\nGroup www-data' : '';
  return `${[...loaded, 'auth_mellon'].map(load).join('\n')}
ServerRoot ${directory}
${user}
Listen 127.0.0.1:${port}
ServerName http://127.0.0.1:${port}
PidFile ${directory}/apache.pid
Mutex file:${directory}
ErrorLog ${directory}/error.log
LogLevel warn auth_mellon:info
StartServers 1
ThreadsPerChild 8
MaxRequestWorkers 8
DocumentRoot ${directory}/www
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
}

const pem = (certificate: string): string =>
  `-----BEGIN CERTIFICATE-----\n${certificate.match(/.{1,64}/g)?.join('\n')}\n-----END CERTIFICATE-----\n`;

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** Starts Apache on loopback, and waits until it answers. */
export async function startMellon(settings: Settings): Promise<Mellon> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-mellon-'));
  chmodSync(directory, 0o755);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { key } = settings;
  const metadata = {
    desk: metadataOf(`${origin}/mellon`, key.certificate),
    // Mellon asks for a level where its own endpoints are configured to.
    strong: metadataOf(`${origin}/strong/mellon`, key.certificate),
  };
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  mkdirSync(join(directory, 'www'));
  for (const page of ['desk', 'strong']) write(`www/${page}`, page);
  write('sp.key', key.privateKeyPem);
  write('sp.crt', pem(key.certificate));
  write('sp.xml', metadata.desk);
  write('strong.xml', metadata.strong);
  write('idp.xml', settings.idpMetadata);
  write('apache.conf', configurationOf(directory, port, settings.strongClass));
  const child = spawn(APACHE, ['-f', join(directory, 'apache.conf'), '-DFOREGROUND'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const log = join(directory, 'error.log');
  const errors = () => said + (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const close = async () => {
    await stopped(child);
    rmSync(directory, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`${origin}/mellon/metadata`).catch(() => undefined);
    if (answer?.ok) return { origin, port, metadata, close };
    await wait(50);
  }
  const why = errors();
  await close();
  throw new Error(`Apache did not start: ${why}`);
}
