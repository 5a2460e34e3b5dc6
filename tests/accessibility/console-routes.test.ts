import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from '../journeys/stage/expect-shown.ts';
import type { Stage } from '../journeys/stage/open-stage.ts';
import { signInFrame } from '../journeys/stage/staff-steps.ts';
import { tellFailures } from '../journeys/stage/tell-failures.ts';
import { inspectPage } from './inspect-page.ts';
import { openConsole, type Console } from './open-console.ts';
import { screens } from './screens.ts';

let stage: Stage;
let callId: string;
let pageOf: Console['pageOf'];
let evidenceId: string;

beforeAll(async () => {
  ({ stage, callId, pageOf } = await openConsole());
});
afterAll(async () => stage?.close());
tellFailures(() => stage, false);

describe('every screen of the console', () => {
  it.each(Object.entries(screens))('%s', async (_, { who, path, shows, refusal }) => {
    const { page, complaints } = pageOf(who);
    if (refusal) complaints.expect(refusal);
    await page.goto(`${stage.company.origins.staff}${path(callId)}`);
    await expectShown(page.locator('main').getByText(shows).locator('visible=true').first());
    expect(await inspectPage(page)).toEqual([]);
  });

  it('an entry with its chain, its decision and its proof', async () => {
    const { page } = pageOf('auditor');
    await page.goto(`${stage.company.origins.staff}/audit?id=${callId}&kind=decision.made`);
    await page
      .getByRole('link', { name: /An action was decided/ })
      .first()
      .click();
    await page.getByLabel('Purpose').fill('How it looks');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expectShown(page.getByRole('heading', { name: 'The decision' }));
    await expectShown(page.getByRole('heading', { name: 'Facts that it rested on' }));
    evidenceId = page.url().split('/').at(-1) ?? '';
    expect(evidenceId).toMatch(/^evt_/);
    for (const summary of await page.locator('summary').all()) await summary.click();
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the export of a chain', async () => {
    const { page } = pageOf('auditor');
    await page.goto(`${stage.company.origins.staff}/audit/${evidenceId}`);
    await page.getByLabel('Purpose').fill('How it looks');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Export' }).click();
    await expectShown(page.getByRole('dialog', { name: 'Export the chain' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a colleague with a session', async () => {
    const { page } = pageOf('security');
    await page.goto(`${stage.company.origins.staff}/security/people`);
    await page.getByRole('link', { name: 'Clara Weiss' }).click();
    await expectShown(page.getByRole('heading', { name: 'Live sessions' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the jump menu and the help of the keyboard', async () => {
    const { page } = pageOf('lead');
    await page.goto(`${stage.company.origins.staff}/supervisor/colleagues`);
    await expectShown(page.getByText('Up to date'));
    await page.keyboard.press('Control+k');
    await expectShown(page.getByRole('listbox', { name: 'Pages' }));
    expect(await inspectPage(page)).toEqual([]);
    await page.keyboard.press('Escape');
    // Until it has closed, what is typed belongs to it.
    await page.getByRole('listbox', { name: 'Pages' }).waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    await expectShown(page.getByRole('dialog', { name: 'Keyboard shortcuts' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the screen of somebody who has left', async () => {
    const { page, complaints } = pageOf('hr');
    await page.goto(`${stage.company.origins.staff}/people`);
    // What the page was still asking for comes too late.
    complaints.tolerate(/^401 GET /);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectShown(page.getByText('You are signed out.'));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await page
      .frameLocator('iframe')
      .getByRole('button', { name: 'Continue with your passkey' })
      .waitFor();
    await expectShown(signInFrame(page).getByLabel('Passkeys of this browser'));
    expect(await inspectPage(page)).toEqual([]);
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
