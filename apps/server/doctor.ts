import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@proofline/kernel';
import { checkDecisionCase, compileRelease } from '@proofline/policy';
import { openStorage, refuseCopies, type Storage } from '@proofline/storage';
import { importJWK } from 'jose';
import { compose, migrations } from './compose.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { loadErrorPages } from './http/error-pages.ts';
import { loadStaticPages } from './http/static-pages.ts';
import { createLogger } from './logger.ts';
import { createMetadata } from './metadata/create-metadata.ts';
import { describeMetadata } from './metadata/describe-metadata.ts';
import { readPolicies } from './read-policies.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  readonly isWell: boolean;
  /** What was found, or what to do. */
  readonly text: string;
}

const APPS = fileURLToPath(new URL('../', import.meta.url));

/**
 * Looks an installation over by a start without a port: settings, policies, pages, keys, database, and
 * every stored entry against the log's checkpoint. With the embedded database, stop the server first.
 */
export async function examine(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const settings = await look(
    'settings',
    async () => readConfig(environment) && 'complete and safe',
  );
  const findings = [
    settings,
    await look('policies', examinePolicies),
    await look('pages', examinePages),
  ];
  if (!settings.isWell) return findings;
  const config = readConfig(environment);
  findings.push(await look('signing keys', () => examineKeys(config)));
  findings.push(await look('reverse proxy', async () => describeProxies(config)));
  findings.push(await look('authenticator metadata', () => examineMetadata(config)));
  const database = await openForLook(config);
  findings.push(database.finding);
  if (database.storage === undefined) return findings;
  const { storage } = database;
  try {
    const wall = await look('second wall', () => examineWall(config, storage));
    findings.push(wall);
    // In front of the wall the log would look as it never does to the server.
    if (wall.isWell) findings.push(await look('evidence log', () => examineLog(config, storage)));
  } finally {
    await storage.close();
  }
  return findings;
}

async function look(name: string, examineOne: () => Promise<string>): Promise<Finding> {
  try {
    return { name, isWell: true, text: await examineOne() };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return {
      name,
      isWell: false,
      text: error instanceof ConfigError ? text.replace(/^.*\n/, '') : text,
    };
  }
}

async function examinePolicies(): Promise<string> {
  const { text, cases } = readPolicies();
  const set = compileRelease(text);
  const broken = cases.flatMap((one) => checkDecisionCase(set, one));
  if (broken.length > 0)
    throw new Error(`named cases come out otherwise: ${broken.slice(0, 3).join('; ')}`);
  return `${set.policies.size} policies, ${cases.length} named cases hold`;
}

async function examinePages(): Promise<string> {
  loadStaticPages(join(APPS, 'console/dist'));
  loadStaticPages(join(APPS, 'verify/dist'));
  return `built; ${loadErrorPages().size} error pages`;
}

async function examineKeys(config: Config): Promise<string> {
  for (const jwk of config.PROOFLINE_SIGNING_KEYS) await importJWK(jwk, 'ES256');
  return `${config.PROOFLINE_SIGNING_KEYS.length} usable; new tokens are signed with the first`;
}

/** Advice and no fault: what stands in front cannot be seen from here. */
function describeProxies({ PROOFLINE_TRUSTED_PROXIES: proxies }: Config): string {
  return proxies.rules.length > 0
    ? `${proxies.rules.length} trusted; callers are counted by the address that these report`
    : 'none is trusted; behind one, all callers count as one address: set PROOFLINE_TRUSTED_PROXIES';
}

/** What is kept, and a file; an address is not asked. */
async function examineMetadata(config: Config): Promise<string> {
  const logger = createLogger({ ...config, PROOFLINE_LOG_LEVEL: 'silent' });
  const metadata = createMetadata(config, { clock: systemClock, logger, readOnly: true });
  await metadata.load();
  const { isWell, text } = describeMetadata(metadata.report());
  if (!isWell) throw new Error(text);
  return text;
}

async function openForLook(
  config: Config,
): Promise<{ readonly finding: Finding; readonly storage?: Storage }> {
  const directory = join(config.PROOFLINE_DATA_DIRECTORY, 'database');
  let storage: Storage | undefined;
  const finding = await look('database', async () => {
    const { DATABASE_URL: url, PROOFLINE_DATABASE_OWNER_URL: ownerUrl } = config;
    const erasingUrl = config.PROOFLINE_DATABASE_ERASING_URL;
    storage = await openStorage(
      url === undefined
        ? { directory }
        : { url, ...(ownerUrl && { ownerUrl }), ...(erasingUrl && { erasingUrl }) },
    );
    return `${storage.kind}, reachable`;
  });
  return storage === undefined ? { finding } : { finding, storage };
}

async function examineWall(config: Config, storage: Storage): Promise<string> {
  await refuseCopies(storage.db);
  await storage.migrate(migrations);
  const { ownLogin, role } = await storage.raiseWall({
    tenant: config.PROOFLINE_TENANT,
    migrations,
  });
  if (ownLogin) return `stands; the server works with the login ${role}, which owns nothing`;
  const stands = `stands; the server works as the role ${role}`;
  if (storage.kind === 'embedded') return stands;
  return `${stands}, which its login can leave: two logins are stronger (PROOFLINE_DATABASE_OWNER_URL)`;
}

async function examineLog(config: Config, storage: Storage): Promise<string> {
  const notifier = { send: () => Promise.reject(new Error('doctor sends nothing')) };
  const logger = createLogger({ ...config, PROOFLINE_LOG_LEVEL: 'silent' });
  const { ledger } = compose(config, { storage, notifier, logger });
  // Checks the log against its checkpoint and the high-water mark, and refuses what was set back.
  await ledger.start();
  try {
    const faults = await ledger.check();
    if (faults.length > 0) throw new Error(faults.slice(0, 3).join(' '));
    return `${ledger.health().size} entries, all as the signed checkpoint says`;
  } finally {
    await ledger.stop();
  }
}
