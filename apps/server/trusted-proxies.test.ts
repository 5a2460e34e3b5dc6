import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import { limits } from '@proofline/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { portsFrom } from '../../demo/ports.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';
import { freshDatabase } from '../../tests/harness/open-test-storage.ts';
import { readConfig } from './config.ts';
import { startServer, type RunningServer } from './start-server.ts';
import { send } from './testing/raw-request.ts';

// The whole server, and the test in the place of its proxy.
describe('behind a trusted proxy', { timeout: 120_000 }, () => {
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  let directory: string;
  let drop = async () => {};
  let server: RunningServer;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-proxy-'));
    const database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
    drop = database?.drop ?? drop;
    const ports = { ...portsFrom(4400), server: 0 };
    const environment = environmentsOf({
      directory,
      ports,
      origins: originsOf(portsFrom(4400)),
      secrets: await loadDemoSecrets(directory),
      authority: await createTestAuthority(),
      logLevel: 'silent',
      ...(database === undefined ? {} : { databaseUrl: database.url }),
    });
    const proxies = { PROOFLINE_TRUSTED_PROXIES: '127.0.0.1' };
    server = await startServer(readConfig({ ...environment.server, ...proxies }));
  });
  afterAll(async () => {
    await server.close();
    await drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it.each(['/api/console-config', '/oidc/jwks'])(
    'each caller of %s is counted by the address that the proxy appended',
    async (path) => {
      const ask = async (forwarded: string) =>
        (await send(server.port, { path, headers: { 'x-forwarded-for': forwarded } })).status;
      let noisy = 200;
      // Twice, because a new minute may begin in between.
      for (let at = 0; noisy === 200 && at < 2 * limits.unprovedCallsPerMinuteMax; at += 1)
        noisy = await ask(`192.0.2.${at % 250}, 198.51.100.1`);
      expect(noisy).toBe(429);
      expect(await ask('198.51.100.2')).toBe(200);
    },
  );
});
