import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import { openStorage, type Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { loadDemoMetadata } from '../../demo/metadata.ts';
import { portsFrom } from '../../demo/ports.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';
import { demoStaff } from '../../demo/staff.ts';
import { freshDatabase } from '../../tests/harness/open-test-storage.ts';
import { readConfig } from './config.ts';
import { examine, type Finding } from './doctor.ts';
import { startServer } from './start-server.ts';

// A whole installation that has run once, examined as an operator would after stopping it.
describe('doctor', { timeout: 120_000 }, () => {
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  let directory: string;
  let drop = async () => {};
  let settings: Readonly<Record<string, string>>;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-doctor-'));
    const database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
    drop = database?.drop ?? drop;
    const ports = { ...portsFrom(4400), server: 0 };
    settings = environmentsOf({
      directory,
      ports,
      origins: originsOf(ports),
      secrets: await loadDemoSecrets(directory),
      authority: await createTestAuthority(),
      logLevel: 'silent',
      ...(database === undefined ? {} : { databaseUrl: database.url }),
    }).server;
    const server = await startServer(readConfig(settings));
    await server.composition.workforce.foundStaff(demoStaff);
    await server.close();
  });
  afterAll(async () => {
    await drop();
    rmSync(directory, { recursive: true, force: true });
  });

  const openDatabase = (): Promise<Storage> =>
    openStorage(
      settings['DATABASE_URL'] === undefined
        ? { directory: join(directory, 'database') }
        : { url: settings['DATABASE_URL'] },
    );
  const wrongOf = (findings: readonly Finding[]) => findings.filter(({ isWell }) => !isWell);

  it('finds a good installation well, point by point, and says so twice', async () => {
    for (const findings of [await examine(settings), await examine(settings)]) {
      expect(wrongOf(findings)).toEqual([]);
      expect(findings.map(({ name }) => name)).toEqual([
        'settings',
        'policies',
        'pages',
        'signing keys',
        'reverse proxy',
        'authenticator metadata',
        'database',
        'second wall',
        'evidence log',
      ]);
      expect(findings.at(-1)?.text).toMatch(/^\d{2,} entries, all as the signed checkpoint says$/);
    }
  });

  it('says which setting is missing, and looks no further with half of them', async () => {
    const { PROOFLINE_KEK: _, ...rest } = settings;
    const wrong = wrongOf(await examine(rest));
    expect(wrong).toEqual([
      {
        name: 'settings',
        isWell: false,
        text: expect.stringContaining('PROOFLINE_KEK must be set.'),
      },
    ]);
  });

  it('says that a signing key is none, without showing it', async () => {
    const [jwk] = JSON.parse(settings['PROOFLINE_SIGNING_KEYS'] ?? '[]') as { d: string }[];
    const broken = JSON.stringify([{ ...jwk, kty: 'RSA' }]);
    const findings = await examine({ ...settings, PROOFLINE_SIGNING_KEYS: broken });
    const [wrong] = wrongOf(findings);
    expect(wrong?.name).toBe('signing keys');
    expect(JSON.stringify(findings)).not.toContain(jwk?.d);
  });

  it('says whom it believes about callers’ addresses', async () => {
    const says = async (more: Readonly<Record<string, string>>) =>
      (await examine({ ...settings, ...more })).find(({ name }) => name === 'reverse proxy')?.text;
    expect(await says({})).toContain('set PROOFLINE_TRUSTED_PROXIES');
    expect(await says({ PROOFLINE_TRUSTED_PROXIES: '10.0.0.5,10.1.0.0/16' })).toMatch(/^2 trusted/);
  });

  it('says that the metadata of authenticators is not believed, and what follows', async () => {
    const authority = await createTestAuthority();
    const metadata = await loadDemoMetadata(directory, authority);
    const says = async (more: Readonly<Record<string, string>>) =>
      (await examine({ ...settings, ...more })).find(
        ({ name }) => name === 'authenticator metadata',
      );
    const used = {
      PROOFLINE_METADATA: metadata.file,
      PROOFLINE_METADATA_ROOTS: metadata.rootsDirectory,
      PROOFLINE_METADATA_SIGNER: metadata.signer,
    };
    expect(await says({ ...used, PROOFLINE_METADATA_SIGNER: 'mds.example.com' })).toMatchObject({
      isWell: false,
      text: expect.stringContaining('there is none yet (signer-wrong): nobody reaches phrh'),
    });
  });

  it.skipIf(serverUrl !== undefined)('says who holds the embedded database', async () => {
    const storage = await openDatabase();
    try {
      expect(wrongOf(await examine(settings))).toEqual([
        {
          name: 'database',
          isWell: false,
          text: expect.stringContaining(`process ${process.pid}`),
        },
      ]);
    } finally {
      await storage.close();
    }
  });

  // The last one: the log stays broken.
  it('finds an entry of the log that was edited', async () => {
    const storage = await openDatabase();
    const { numAffectedRows } = await sql`update ledger_entries set leaf = leaf || ' '
      where idx = (select max(idx) from ledger_entries)`.execute(storage.db);
    expect(numAffectedRows).toBe(1n);
    await storage.close();
    const wrong = wrongOf(await examine(settings));
    expect(wrong.map(({ name }) => name)).toEqual(['evidence log']);
    expect(wrong[0]?.text).toMatch(/^log\.altered: .*Entry \d+ was altered/);
  });
});
