import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import { readConfig } from '@proofline/server/config';
import { startServer, type RunningServer } from '@proofline/server/start';
import { chromium, type Browser } from 'playwright-core';
import { environmentsOf, originsOf } from '../../../demo/environments.ts';
import { findChromium } from '../../../demo/find-chromium.ts';
import { freePorts } from '../../../demo/ports.ts';
import { loadDemoSecrets } from '../../../demo/secrets.ts';
import { demoStaff } from '../../../demo/staff.ts';
import { freshDatabase, openTestStorage } from '../../harness/open-test-storage.ts';
import { buildPages } from './build-pages.ts';

/** The server behind TLS, and browsers that trust its certificate, as in production. */
export interface SecureStage {
  readonly server: RunningServer;
  readonly staffOrigin: string;
  /** Founding colleague → the link that makes them. */
  readonly links: ReadonlyMap<string, string>;
  /** A browser that can bind sessions to its device, or one that has never heard of it. */
  openBrowser(options: { readonly knowsDbsc: boolean }): Promise<Browser>;
  close(): Promise<void>;
}

const NAMES = ['staff.localhost', 'customers.localhost'];

/** Whether this machine has what a trusted certificate takes; `undefined`: it has. */
export function whyNoCertificate(): string | undefined {
  for (const [tool, argument] of [
    ['openssl', 'version'],
    ['certutil', '--version'],
  ] as const) {
    try {
      execFileSync(tool, [argument], { stdio: 'ignore' });
    } catch (error) {
      // Debian's `certutil` knows no `--version` and says so with a status of its own.
      if (Object(error).code === 'ENOENT')
        return `${tool} is not installed (libnss3-tools, openssl)`;
    }
  }
  return undefined;
}

/** A certificate for the origins’ names, trusted by whoever has this folder as their home. */
function certify(home: string): { readonly key: Buffer; readonly cert: Buffer } {
  const database = join(home, '.pki/nssdb');
  const [key, cert] = [join(home, 'key.pem'), join(home, 'cert.pem')];
  mkdirSync(database, { recursive: true });
  const run = (tool: string, words: readonly string[]) =>
    execFileSync(tool, [...words], { stdio: 'ignore' });
  const names = NAMES.map((name) => `DNS:${name}`).join(',');
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', '/CN=Test of this run only', '-addext', `subjectAltName=${names}`];
  const files = ['-keyout', key, '-out', cert, '-days', '2'];
  run('openssl', ['req', '-x509', ...kind, ...files, ...subject]);
  run('certutil', ['-d', `sql:${database}`, '-N', '--empty-password']);
  run('certutil', ['-d', `sql:${database}`, '-A', '-t', 'C,,', '-n', 'test', '-i', cert]);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

/** What ends TLS in front of the server, as an operator’s proxy does. */
async function endTls(
  certificate: { readonly key: Buffer; readonly cert: Buffer },
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Server> {
  const proxy = createServer(certificate, (incoming, outgoing) => {
    const { headers, method, url: path } = incoming;
    const inner = request({ host: '127.0.0.1', port: to, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    inner.on('error', () => outgoing.destroy());
    outgoing.on('close', () => inner.destroy());
    incoming.pipe(inner);
  });
  await new Promise<void>((resolve) => proxy.listen(from, '127.0.0.1', resolve));
  return proxy;
}

/** Starts the server with its founding staff behind TLS, in a home of its own. */
export async function openSecureStage(options: {
  readonly boundCookieSeconds: number;
}): Promise<SecureStage> {
  await buildPages();
  const directory = mkdtempSync(join(tmpdir(), 'proofline-secure-'));
  const certificate = certify(directory);
  const ports = await freePorts();
  const tlsPort = ports.gateway;
  const origins = {
    ...originsOf(ports),
    staff: `https://staff.localhost:${tlsPort}`,
    customers: `https://customers.localhost:${tlsPort}`,
    gateway: 'http://gateway.localhost:4410',
  };
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  const database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
  const [secrets, authority] = await Promise.all([
    loadDemoSecrets(directory),
    createTestAuthority(),
  ]);
  const environment = environmentsOf({
    directory,
    ports,
    origins,
    secrets,
    authority,
    ...(database && { databaseUrl: database.url }),
  });
  const server = await startServer(readConfig(environment.server), {
    boundCookieSeconds: options.boundCookieSeconds,
    ...(database === undefined && { storage: await openTestStorage([]) }),
  });
  const proxy = await endTls(certificate, { from: tlsPort, to: ports.server });
  const founded = await server.composition.workforce.foundStaff(
    demoStaff.map((colleague) => ({ ...colleague, channels: [] })),
  );
  const browsers: Browser[] = [];
  return {
    server,
    staffOrigin: origins.staff,
    links: new Map(founded.map(({ displayName, link }) => [displayName, link])),
    async openBrowser({ knowsDbsc }) {
      const browser = await launch(directory, knowsDbsc);
      browsers.push(browser);
      return browser;
    },
    async close() {
      for (const browser of browsers) await browser.close();
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
      await server.close();
      await database?.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

const DBSC = 'DeviceBoundSessions,EnableBoundSessionCredentialsSoftwareKeysForManualTesting';

function launch(home: string, knowsDbsc: boolean): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium is installed; see tests/run.ts');
  return chromium.launch({
    executablePath,
    env: { ...process.env, HOME: home },
    args: [
      ...(knowsDbsc ? [`--enable-features=${DBSC}`] : ['--disable-features=DeviceBoundSessions']),
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
