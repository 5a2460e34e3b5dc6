import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { readConfig } from '@proofline/server/config';
import { openStorage, type Storage } from '@proofline/storage';
import { pino } from 'pino';
import { compose, migrations } from '../../apps/server/compose.ts';
import { testSettings } from '../../apps/server/testing/settings.ts';
import { registerModels, type Model } from './models.ts';

// How long it takes until every kept credential has been judged anew. `node bench/assurance/main.ts [count]`

const TENANT = 'acme';
const ports = { clock: systemClock, random: systemRandom };
const count = Number(process.argv[2] ?? 100_000);
/** Each row has a real key and statement; a few of them stand for many, under ids of their own. */
function rowsOf(models: readonly Model[]) {
  return Array.from({ length: count }, (_, at) => {
    const { registered } = models[at % models.length]!;
    const one = registered[Math.floor(at / models.length) % registered.length]!;
    return {
      tenant: TENANT,
      authenticator_id: newId('ath', ports),
      subject_id: newId('stf', ports),
      invitation_id: newId('inv', ports),
      credential_id: `${one.credentialId}${at}`,
      public_key: one.publicKey,
      algorithm: one.algorithm,
      counter: one.counter,
      backup_eligible: one.backupEligible,
      backed_up: one.backedUp,
      aaguid: one.aaguid,
      acr: one.acr,
      attestation_format: one.attestationFormat,
      attestation_object: one.attestationObject,
      transports: 'usb',
      user_handle: one.userHandle,
      evidence_id: newId('evt', ports),
      registered_at: new Date(),
    };
  });
}

async function insert({ db }: Storage, rows: ReturnType<typeof rowsOf>): Promise<void> {
  type Tables = { workforce_authenticators: ReturnType<typeof rowsOf>[number] };
  for (let start = 0; start < rows.length; start += 500) {
    const some = rows.slice(start, start + 500);
    await db.withTables<Tables>().insertInto('workforce_authenticators').values(some).execute();
  }
}

async function measure(name: string, work: () => Promise<object>): Promise<void> {
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  const { seen, fell, levels } = (await work()) as { seen: number; fell: number; levels: object };
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const cpuSeconds = (user + system) / 1_000_000;
  const line = { name, seen, fell, seconds, cpuSeconds, perSecondOfCpu: seen / cpuSeconds };
  process.stdout.write(`${JSON.stringify({ ...line, load: loadavg()[0], levels })}\n`);
}

async function run(storage: Storage, directory: string): Promise<void> {
  const models = await registerModels(20, 50);
  const attestation = {
    authorities: models.flatMap(({ policy }) => policy.authorities),
    allowedAaguids: models.flatMap(({ policy }) => policy.allowedAaguids),
    statuses: models.flatMap(({ policy }) => policy.statuses),
  };
  const config = readConfig({
    ...testSettings(),
    PROOFLINE_DATA_DIRECTORY: directory,
    PROOFLINE_ATTESTATION: JSON.stringify(attestation),
  });
  await storage.migrate(migrations);
  await storage.raiseWall({ tenant: TENANT, migrations });
  const logger = pino({ level: 'silent' });
  const notifier = { send: () => Promise.reject(new Error('nobody is told')) };
  const { ledger, sessions } = compose(config, { storage, notifier, logger });
  await ledger.start();
  await insert(storage, rowsOf(models));
  const { statuses } = config.PROOFLINE_ATTESTATION;
  const [first] = models;
  await measure('nothing changed', sessions.sweepCredentials);
  statuses.push({ aaguid: first!.aaguid, status: 'USER_KEY_REMOTE_COMPROMISE' });
  await measure('one model of twenty broken', sessions.sweepCredentials);
  config.PROOFLINE_ATTESTATION.allowedAaguids.length = 0;
  await measure('nothing is phrh any more', sessions.sweepCredentials);
  await ledger.stop();
}

const directory = mkdtempSync(join(tmpdir(), 'proofline-bench-assurance-'));
const url = process.env['PROOFLINE_TEST_DATABASE_URL'];
const storage = await openStorage(
  url === undefined ? { directory: join(directory, 'database') } : { url },
);
try {
  await run(storage, directory);
} finally {
  await storage.close();
  rmSync(directory, { recursive: true, force: true });
}
