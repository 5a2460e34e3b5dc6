import { sql } from 'kysely';
import type { Browser, BrowserContext, Cookie, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { openSecureStage, whyNoCertificate, type SecureStage } from './stage/open-secure-stage.ts';
import { CONSOLE_SHOWS, registerPasskey, signIn, signInFrame } from './stage/staff-steps.ts';
import { addVirtualAuthenticator } from './stage/virtual-authenticator.ts';

const BOUND = '__Host-oidc_bound';
const SESSION = '__Host-oidc_session';
/** Long enough for a refresh on a busy machine, short enough to wait for. */
const BOUND_SECONDS = 4;
const why = whyNoCertificate();
if (why !== undefined) process.stderr.write(`no stolen cookie is tried in Chromium: ${why}\n`);

let stage: SecureStage;

/** A colleague at work in a browser of their own. */
async function atWork(browser: Browser, name: string): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await addVirtualAuthenticator(page, 'device-bound');
  await registerPasskey({ page }, stage.links.get(name) ?? '');
  await signIn({ page });
  return page;
}

async function cookieOf(context: BrowserContext, name: string): Promise<Cookie | undefined> {
  return (await context.cookies()).find((cookie) => cookie.name === name);
}

/** Every cookie that a colleague’s browser holds, in another one, made to last. */
async function stealInto(browser: Browser, from: readonly Cookie[]): Promise<Page> {
  const context = await browser.newContext();
  context.setDefaultTimeout(15_000);
  await context.addCookies(
    from.map((cookie) => ({ ...cookie, expires: Date.now() / 1000 + 3600 })),
  );
  return context.newPage();
}

/** What the thief comes to: the console asks for a passkey, and no token was given. */
async function expectNothing(page: Page): Promise<void> {
  const given: number[] = [];
  page.on('response', (answer) => {
    if (answer.url().endsWith('/oidc/token')) given.push(answer.status());
  });
  await page.goto(stage.staffOrigin);
  await expectShown(signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }));
  expect(given).toEqual([]);
  expect(await page.getByText(CONSOLE_SHOWS).count()).toBe(0);
}

/** Whoever works there goes on as if nothing had been. */
async function expectAtWork(page: Page): Promise<void> {
  await page.reload();
  await expectShown(page.getByText(CONSOLE_SHOWS));
}

async function entriesOf(kind: string): Promise<string[]> {
  const { storage } = stage.server.composition;
  const { rows } = await sql<{ body: string }>`
    select leaf as body from ledger_entries where kind = ${kind} order by idx`.execute(storage.db);
  return rows.map(({ body }) => body);
}

describe.skipIf(why !== undefined)('P1: the console’s cookies, copied into another browser', () => {
  beforeAll(async () => {
    stage = await openSecureStage({ boundCookieSeconds: BOUND_SECONDS });
  });
  afterAll(async () => stage?.close());

  test('are refused once their bound time is over; the browser that the session is bound to goes on', async () => {
    const browser = await stage.openBrowser({ knowsDbsc: true });
    const page = await atWork(browser, 'Ana Ruiz');
    await expect.poll(() => cookieOf(page.context(), BOUND)).toBeDefined();
    const stolen = await page.context().cookies();
    const until = stolen.find(({ name }) => name === BOUND)?.expires ?? 0;
    await expect.poll(() => Date.now() / 1000 > until, { timeout: 10_000 }).toBe(true);
    const thief = await stealInto(browser, stolen);
    await expectNothing(thief);
    // The page does not even know whose it was: the cookie itself opened nothing.
    await expect.poll(() => entriesOf('session.refused')).toHaveLength(1);
    expect((await entriesOf('session.refused'))[0]).toContain('"because":"device-key"');
    expect((await entriesOf('session.bound'))[0]).toContain('"to":"device-key"');
    const before = await cookieOf(page.context(), BOUND);
    await expectAtWork(page);
    const after = await cookieOf(page.context(), BOUND);
    expect(after?.value).not.toBe(
      before?.value ?? stolen.find(({ name }) => name === BOUND)?.value,
    );
    // Security sees it, and ends the session: it is over in both.
    const security = await atWork(browser, 'Ravi Menon');
    await security.getByRole('link', { name: 'Sessions', exact: true }).click();
    const line = security.getByRole('row', { name: /^Ana Ruiz/ });
    await expectShown(line.getByText('Its device'));
    await expectShown(line.getByText('Refused elsewhere'));
    await line.getByRole('button', { name: 'End the session of Ana Ruiz' }).click();
    await security.getByRole('button', { name: 'End it now' }).click();
    await expect.poll(() => security.getByRole('row', { name: /^Ana Ruiz/ }).count()).toBe(0);
    await page.reload();
    await expectShown(
      signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }),
    );
  });

  test('give no token where the browser binds nothing: they are good for its key only', async () => {
    const browser = await stage.openBrowser({ knowsDbsc: false });
    const page = await atWork(browser, 'Bayo Adeyemi');
    const stolen = await page.context().cookies();
    expect(stolen.map(({ name }) => name)).toContain(SESSION);
    expect(stolen.map(({ name }) => name)).not.toContain(BOUND);
    await expectNothing(await stealInto(browser, stolen));
    const refused = async () => (await entriesOf('session.refused')).at(-1);
    await expect.poll(refused).toContain('"because":"console-key"');
    await expectAtWork(page);
    // Its person sees it as well.
    await page.getByRole('link', { name: 'My sessions' }).click();
    await expectShown(page.getByText('Its browser’s key'));
    await expectShown(page.getByText('Refused elsewhere'));
    await page.getByRole('button', { name: 'End this session' }).click();
    await page.getByRole('button', { name: 'End it now' }).click();
    await expectShown(page.getByText('You are signed out.'));
  });
});
