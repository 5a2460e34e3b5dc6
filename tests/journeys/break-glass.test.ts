import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { sql } from 'kysely';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectPage } from '../accessibility/inspect-page.ts';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { founder, signInFrame } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

const SUPERVISOR = 'Sol Marchetti';
let stage: Stage;
let supervisor: Person;
let security: Person;
let auditor: Person;
let record = '';

beforeAll(async () => {
  stage = await openStage();
  [record = ''] = stage.company.accountNumbers;
  const { authority, founders } = stage.company;
  const withKey = () => ({ key: createSoftwareAuthenticator({ kind: 'device-bound', authority }) });
  supervisor = await founder(stage, SUPERVISOR, withKey());
  security = await founder(stage, founders.security, withKey());
  auditor = await founder(stage, founders.auditor);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** Whatever they proved, they prove again now. Who has no security key has none afterwards. */
async function touchAgain(): Promise<void> {
  const { storage } = stage.company.server.composition;
  await sql`update sessions set phr_at = now(), phrh_at = case when phrh_at is null then null else now() end
    where realm = 'workforce'`.execute(storage.db);
}

const banner = (page: Page) => page.getByRole('region', { name: 'Emergency access now' });
const button = ({ page }: Person, name: string | RegExp) => page.getByRole('button', { name });

describe('break-glass', () => {
  it('is asked for by name, and stands on the screens of those who open it', async () => {
    const { page } = supervisor;
    await page.getByRole('link', { name: 'Break-glass' }).click();
    await page.getByLabel('Account number').fill(record);
    await page.getByLabel('Contact details').check();
    await page.getByLabel('Invoices').check();
    await page.getByLabel('Because').selectOption({ label: 'A fraud is going on at this moment' });
    await page.getByLabel('In a sentence').fill('The caller is threatened and cannot prove it.');
    expect(await inspectPage(page)).toEqual([]);
    supervisor.complaints.expect(/^401 POST \/api\/break-glass$/);
    await stage.company.letProofsAge(61);
    await button(supervisor, 'Ask a second person').click();
    await expectShown(page.getByRole('dialog', { name: 'Your passkey is needed' }));
    const touch = { name: 'Continue with your passkey' };
    await signInFrame(page).getByRole('button', touch).click();
    await expectShown(banner(page).getByText(`Your request for ${record} waits`));
    // Whoever asked has nothing to open it with.
    expect(await button(supervisor, /^Open/).count()).toBe(0);
    await expectShown(banner(security.page).getByText(`${SUPERVISOR} asks for emergency access`));
  });

  it('is opened by a second person, read, and counted down on every page', async () => {
    await banner(security.page).getByRole('link', { name: 'Show' }).click();
    await touchAgain();
    await button(security, `Open it for 30 minutes: ${record}`).click();
    await expectShown(banner(security.page).getByText(`has emergency access to ${record}`));
    const { page } = supervisor;
    await expectShown(banner(page).getByText(`You have emergency access to ${record}`));
    await expectShown(banner(page).getByRole('timer'));
    await button(supervisor, `Read: ${record}`).click();
    await button(supervisor, 'Read the record').click();
    await expectShown(page.getByText(/\+\d{2}[\d ]{6,}/).first());
    await button(supervisor, 'Invoices').click();
    await expectShown(page.getByText(/INV-\d/).first());
    // Not asked for by name.
    expect(await page.getByText('Bank account', { exact: true }).count()).toBe(0);
    expect(await inspectPage(page)).toEqual([]);
    for (const one of [supervisor, security]) {
      await expectShown(one.page.getByText(/· read 2 times/));
    }
    // With one open, nobody fills in a form and touches a key for nothing.
    await expectShown(
      page.getByText('You have an emergency access already that waits or is open.'),
    );
    expect(await button(supervisor, 'Ask a second person').count()).toBe(0);
    // A touch that unlocks is no reading.
    supervisor.complaints.tolerate(/^401 GET \/api\//);
    await page.keyboard.press('Control+Shift+L');
    await button(supervisor, 'Unlock with your passkey').click();
    await expectShown(page.getByText('You have read the record; it is hidden now.'));
    await expectShown(button(supervisor, 'Read the invoices again'));
    await page.getByRole('link', { name: 'Live calls' }).click();
    await expectShown(banner(page).getByRole('timer'));
  });

  it('is ended by security, gone from the screen, and judged by somebody who had no part in it', async () => {
    await button(security, `End it now: ${record}`).click();
    await banner(supervisor.page).waitFor({ state: 'hidden' });
    expect(await button(security, 'Give the verdict').count()).toBe(0);
    const { page } = auditor;
    await page.getByRole('link', { name: 'Break-glass' }).click();
    await button(auditor, `Show: ${record}`).click();
    const read = page.getByRole('table', { name: 'What was read' });
    await expectShown(read.getByText('Read the account'));
    await expectShown(read.getByText('Read the invoices'));
    expect(await read.getByRole('row').count()).toBe(3);
    await page.getByLabel('Verdict').selectOption({ label: 'It was justified' });
    await page.getByLabel('In your words').fill('Two readings, as was asked for.');
    expect(await inspectPage(page)).toEqual([]);
    await touchAgain();
    await button(auditor, 'Give the verdict').click();
    await expectShown(page.getByText(/Justified, says Ulla Petersen/));
  });

  it('leaves nothing red in anybody’s console', () => expect(stage.complaints()).toEqual([]));
});
