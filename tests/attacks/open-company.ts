import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCompany, type Company, type CompanyOptions } from '../../demo/start-company.ts';
import type { Stage } from '../../demo/story/stage.ts';
import type { Transcript } from '../../demo/story/transcript.ts';
import { freshDatabase, openTestStorage } from '../harness/open-test-storage.ts';

/** A company that is there to be attacked, on the engine that this run tests. */
export interface Battlefield {
  readonly company: Company;
  readonly stage: Stage;
  close(): Promise<void>;
}

/**
 * Starts everything: on PGlite, or in a schema of its own where `PROOFLINE_TEST_DATABASE_URL` names a
 * server. PGlite is in memory: what is attacked here is not the disk, which the faults, the journeys and
 * the demo are about, and to make durable databases took a third of the attacks' time.
 */
export async function openCompany(
  options: Pick<
    CompanyOptions,
    'internalLogoutOrigins' | 'mtlsAuthorities' | 'resourceOrigins' | 'recoveryWaitSeconds'
  > = {},
): Promise<Battlefield> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-attack-'));
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  const database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
  const company = await startCompany({
    directory,
    ports: 'free',
    logLevel: 'silent',
    ...options,
    ...(database === undefined
      ? { storage: await openTestStorage([]) }
      : { databaseUrl: database.url }),
  });
  return {
    company,
    stage: { company, transcript: silentTranscript, verifyOffline: notNeeded },
    async close() {
      await company.close();
      await database?.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The story's steps are only the way to the attack: one that fails ends the test. */
const silentTranscript: Transcript = {
  chapter: () => {},
  line: () => {},
  must(holds, claim) {
    if (!holds) throw new Error(`the way to the attack is blocked: ${claim}`);
  },
  failures: [],
  lines: 0,
};

const notNeeded = () => Promise.reject(new Error('no attack leaves the process for this'));
