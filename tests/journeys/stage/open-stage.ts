import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SoftwareAuthenticator } from '@proofline/assurance/testing';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { giveKey } from '../../../demo/browser-keys/give-key.ts';
import { startCompany, type Company, type CompanyOptions } from '../../../demo/start-company.ts';
import { findChromium } from '../../../demo/find-chromium.ts';
import { freshDatabase, openTestStorage } from '../../harness/open-test-storage.ts';
import { buildPages } from './build-pages.ts';
import {
  addVirtualAuthenticator,
  type PasskeyKind,
  type VirtualAuthenticator,
} from './virtual-authenticator.ts';
import { createComplaints, type Complaints } from './watch-page.ts';

/** A person in front of a browser of their own, with a passkey in the hand. */
export interface Person {
  readonly page: Page;
  readonly passkeys: VirtualAuthenticator;
  readonly complaints: Complaints;
  /** Another tab of the same browser. It has no authenticator. */
  openTab(): Promise<Page>;
  leave(): Promise<void>;
}

export interface PersonOptions {
  readonly passkey?: PasskeyKind;
  /** A key that its maker vouches for, in the place of Chromium’s authenticator, which holds nothing then. */
  readonly key?: SoftwareAuthenticator;
  readonly context?: BrowserContextOptions;
}

/** The company, running, and a browser for whoever comes. */
export interface Stage {
  readonly company: Company;
  readonly browser: Browser;
  person(options?: PersonOptions): Promise<Person>;
  /** Everybody's unexpected complaints so far, and the refusals that were expected and never came. */
  complaints(): readonly string[];
  close(): Promise<void>;
}

const LAUNCH_ARGS = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
];
/** The longest that anything on a screen may take on a busy machine. */
const STEP_MAX_MS = 30_000;

/** Builds what is stale, starts a company of its own, and opens the browser. */
export async function openStage(
  settings: Pick<CompanyOptions, 'portal' | 'recoveryWaitSeconds' | 'witness'> = {},
): Promise<Stage> {
  await buildPages();
  const directory = mkdtempSync(join(tmpdir(), 'proofline-journey-'));
  const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
  const database = serverUrl === undefined ? undefined : await freshDatabase(serverUrl);
  const [company, browser] = await Promise.all([
    startCompany({
      directory,
      ports: 'free',
      ...settings,
      // In memory where it is embedded: the disk is for the faults, the demo and its story.
      ...(database === undefined
        ? { storage: await openTestStorage([]) }
        : { databaseUrl: database.url }),
    }),
    openBrowser(),
  ]);
  const everybody: Complaints[] = [];
  return {
    company,
    browser,
    person: async (options) => {
      const person = await seatPerson(browser, options);
      everybody.push(person.complaints);
      return person;
    },
    complaints: () =>
      everybody.flatMap((one) => [
        ...one.list(),
        ...one.missing().map((refusal) => `never came: ${refusal}`),
      ]),
    async close() {
      await browser.close();
      await company.close();
      await database?.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium is installed; see tests/run.ts');
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath,
    args: [...LAUNCH_ARGS, ...(isRoot ? ['--no-sandbox'] : [])],
  });
}

async function seatPerson(
  browser: Browser,
  { passkey = 'device-bound', key, context: wishes = {} }: PersonOptions = {},
): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...wishes,
  });
  context.setDefaultTimeout(STEP_MAX_MS);
  if (key) await giveKey(context, key);
  const complaints = createComplaints();
  const openTab = async () => {
    const page = await context.newPage();
    await complaints.watch(page);
    return page;
  };
  const page = await openTab();
  return {
    page,
    passkeys: await addVirtualAuthenticator(page, passkey),
    complaints,
    openTab,
    leave: () => context.close(),
  };
}
