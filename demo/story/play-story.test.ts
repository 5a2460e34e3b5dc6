import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../../tests/harness/open-test-storage.ts';
import { startCompany, type Company } from '../start-company.ts';
import { playStory } from './play-story.ts';
import { verifyOffline } from './verify-offline.ts';

const STEPS_MIN = 35;

// `npm run demo -- --story`, on whichever database this run tests.
describe('the story', { timeout: 240_000 }, () => {
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  let directory: string;
  let database: Awaited<ReturnType<typeof freshDatabase>> | undefined;
  let company: Company;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-story-'));
    database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
    company = await startCompany({
      directory,
      ports: 'free',
      logLevel: 'silent',
      ...(database === undefined ? {} : { databaseUrl: database.url }),
    });
  });
  afterAll(async () => {
    await company.close();
    await database?.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('comes out as it should, every step, and verifies offline', async () => {
    const printed: string[] = [];
    const story = await playStory({
      company,
      print: (text) => printed.push(text),
      verifyOffline: (bundle) => verifyOffline(bundle, directory),
    });
    expect(story.failures).toEqual([]);
    expect(story.lines).toBeGreaterThanOrEqual(STEPS_MIN);
    const text = printed.join('');
    for (const chapter of [1, 2, 3, 4, 5, 6, 7, 8])
      expect(text).toMatch(new RegExp(`^${chapter}\\.`, 'm'));
    expect(text).toContain('verified, without the server');
    expect(text).toContain('tampered: caught');
    // Evidence indices stand beside the steps that left one.
    expect(text.match(/#\d+$/gm)?.length).toBeGreaterThan(10);
  });

  it('leaves a log in which nothing is wrong', async () => {
    expect(await company.server.composition.ledger.check()).toEqual([]);
  });
});
