import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';
import type { Company } from './start-company.ts';

const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Opens a Chromium window per person, each with a passkey device of its own that Chromium simulates:
 * for machines that have none. To Proofline they are real ceremonies.
 *
 * @returns closes the windows.
 */
export async function openWindows(company: Company): Promise<() => Promise<void>> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('No Chromium or Chrome was found; install one.');
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({
    executablePath,
    headless: false,
    args: [...QUIET, ...asRoot],
  });
  const { hr, lead, supervisor, auditor } = company.founders;
  for (const name of [hr, lead, 'Ana Ruiz', supervisor, auditor]) {
    const context = await openPerson(browser.newContext({ viewport: null }));
    await (await context.newPage()).goto(company.founderLinks.get(name) ?? company.origins.staff);
  }
  const outside = await openPerson(browser.newContext({ viewport: null }));
  await (await outside.newPage()).goto(`${company.origins.demo}/softphone`);
  await (await outside.newPage()).goto(`${company.origins.demo}/phone`);
  return () => browser.close();
}

/** One person's profile: all their tabs share the passkeys that any of them made. */
async function openPerson(opening: Promise<BrowserContext>): Promise<BrowserContext> {
  const context = await opening;
  const passkeys = new Map<string, Credential>();
  context.on('page', (page) => {
    // A tab that is closed at once is no failure.
    attachAuthenticator(context, page, passkeys).catch(() => undefined);
  });
  return context;
}

/** A passkey as the DevTools protocol hands it over (WebAuthn domain). */
interface Credential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly privateKey: string;
  readonly signCount: number;
}

async function attachAuthenticator(
  context: BrowserContext,
  page: Page,
  passkeys: Map<string, Credential>,
): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  for (const credential of passkeys.values()) {
    await session.send('WebAuthn.addCredential', { authenticatorId, credential });
  }
  const keep = ({ credential }: { readonly credential: Credential }) =>
    void passkeys.set(credential.credentialId, credential);
  session.on('WebAuthn.credentialAdded', keep);
  session.on('WebAuthn.credentialAsserted', keep);
}
