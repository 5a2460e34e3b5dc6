import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { giveKey } from './browser-keys/give-key.ts';
import { keptKey, type KeptKey } from './browser-keys/kept-key.ts';
import { findChromium } from './find-chromium.ts';
import type { Company } from './start-company.ts';

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Opens a Chromium window per person, each with a key of their own that the demo simulates: for machines that
 * have none, and for what asks for a security key that its maker vouches for. To Proofline they are real ceremonies.
 *
 * @returns closes the windows.
 */
export async function openWindows(
  company: Company,
  directory: string,
): Promise<() => Promise<void>> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium or Chrome was found; install one.');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath,
    headless: false,
    args: [...QUIET, ...asRoot],
  });
  const { authority, founders, founderLinks, origins } = company;
  const staff = [founders.hr, founders.lead, 'Ana Ruiz', founders.supervisor, founders.security];
  for (const name of [...staff, founders.auditor]) {
    const context = await openPerson(browser, keptKey({ directory, name, authority }));
    await (await context.newPage()).goto(founderLinks.get(name) ?? origins.staff);
  }
  const outside = await openPerson(browser, keptKey({ directory, name: 'customers' }));
  await (await outside.newPage()).goto(`${origins.demo}/softphone`);
  await (await outside.newPage()).goto(`${origins.demo}/phone`);
  return () => browser.close();
}

/** One person's profile: all their tabs share one key. */
async function openPerson(browser: Browser, { key, keep }: KeptKey): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: null });
  await giveKey(context, key, { onUsed: keep });
  return context;
}
