import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectPage } from '../accessibility/inspect-page.ts';
import { confirmRequest, enrolledCustomer } from './stage/customer-steps.ts';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { accountShown, askForProof, founder, panelOf, ringAt } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

const AGENT = 'Ana Ruiz';
const STOPPED = /Security has stopped this for now: suspected fraud/;

let stage: Stage;
let agent: Person;
let admin: Person;
let second: Person;

beforeAll(async () => {
  stage = await openStage();
  agent = await founder(stage, AGENT);
  admin = await founder(stage, 'Ravi Menon');
  second = await founder(stage, 'Hana Sato');
  const [account = ''] = stage.company.accountNumbers;
  const customer = await enrolledCustomer(stage, account);
  await panelOf(agent.page, await ringAt(stage, AGENT));
  await confirmRequest(customer, await askForProof(stage, agent.page, account));
  await accountShown(agent.page);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

const refund = () => agent.page.getByRole('form', { name: 'Start a refund' });

describe('a switch', () => {
  it('shows what it would hit, and is thrown by keyboard alone', async () => {
    const { page } = admin;
    await page.goto(`${stage.company.origins.staff}/security/switches`);
    await expectShown(page.getByText('No switch fits this filter.'));
    await page.getByLabel('What to stop').focus();
    await page.keyboard.type('One action');
    await page.getByLabel('Action', { exact: true }).focus();
    await page.keyboard.type('Start a refund');
    await expectShown(page.getByText('Start a refund: what stopping this would hit now'));
    // Ana on her call; the two administrators could start no refund.
    await expectShown(page.getByText('1 signed in, in 1 session'));
    await expectShown(page.getByText('1 ringing or live'));
    expect(page.url()).toContain('kind=action&name=refund%3Ainitiate');
    expect(await inspectPage(page)).toEqual([]);
    await page.getByLabel('Because of').focus();
    await page.keyboard.type('Suspected fraud');
    await page.getByLabel('In a sentence').focus();
    await page.keyboard.type('Three refunds to one card.');
    await page.getByRole('button', { name: 'Stop it now' }).focus();
    await page.keyboard.press('Enter');
    await expectShown(page.getByRole('heading', { name: 'Stopped Start a refund' }));
  });

  it('disables the agent’s control with the reason, and says so on top of every page', async () => {
    const { page } = agent;
    await expectShown(refund().getByText(STOPPED));
    const banner = page.getByRole('region', { name: 'Stopped for now' });
    await expectShown(banner.getByText('start a refund (suspected fraud)'));
    expect(await page.locator('body').innerText()).not.toContain('Three refunds');
    expect(await inspectPage(page)).toEqual([]);
    await page.goto(`${stage.company.origins.staff}/agent/cases`);
    await expectShown(banner.getByText('start a refund (suspected fraud)'));
    await page.goBack();
  });

  it('is not lifted by whoever threw it, and the button says why', async () => {
    const { page } = admin;
    const lift = page.getByRole('button', { name: 'Lift' });
    await lift.focus();
    expect(await lift.getAttribute('aria-disabled')).toBe('true');
    await expectShown(page.getByText('You threw this switch, and nobody lifts their own.').first());
    await lift.blur();
    expect(await inspectPage(page)).toEqual([]);
  });

  it('is lifted by a second administrator, and the agent goes on without a reload', async () => {
    const { page } = second;
    await page.goto(`${stage.company.origins.staff}/security/switches?state=standing`);
    await page.getByRole('button', { name: 'Lift: start a refund' }).click();
    await expectShown(page.getByText('No switch fits this filter.'));
    await expect.poll(() => refund().getByText(STOPPED).count()).toBe(0);
    await expect
      .poll(() => agent.page.getByRole('region', { name: 'Stopped for now' }).count())
      .toBe(0);
    await page.getByLabel('State').selectOption({ label: 'Lifted or run out' });
    await expectShown(page.getByText('Lifted by Hana Sato'));
    expect(page.url()).toContain('state=ended');
    expect(await inspectPage(page)).toEqual([]);
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
