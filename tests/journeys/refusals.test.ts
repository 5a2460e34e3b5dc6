import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { seatFounder } from '../../demo/story/cast.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { confirmRequest, enrolledCustomer } from './stage/customer-steps.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { sectionOf } from './stage/section-of.ts';
import {
  accountShown,
  askForProof,
  fillRefund,
  founder,
  hangUp,
  panelOf,
  ringAt,
} from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

const AGENT = 'Ana Ruiz';
/** P6: what is revoked works nowhere any more after this time. */
const REVOKED_MAX_MS = 2_000;

let stage: Stage;
let agent: Person;

beforeAll(async () => {
  stage = await openStage();
  agent = await founder(stage, AGENT);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

describe('a request for proof', () => {
  let customer: Person;
  let account: string;

  beforeAll(async () => {
    [, account = ''] = stage.company.accountNumbers;
    customer = await enrolledCustomer(stage, account);
    await panelOf(agent.page, await ringAt(stage, AGENT));
  });

  it('ends with a wrong number, for good', async () => {
    const ask = await askForProof(stage, agent.page, account);
    const wrong = ask.matchingNumber === '11' ? '12' : '11';
    customer.complaints.expect(/^4\d\d POST \/api\/customer\/proof-requests\/\w+\/options$/);
    await confirmRequest(customer, { ...ask, matchingNumber: wrong });
    await expectShown(customer.page.getByRole('heading', { name: 'The number does not match' }));
    await expectShown(agent.page.getByText('the number or the passkey did not match'));
    await customer.page.reload();
    await expectShown(customer.page.getByRole('heading', { name: 'The request was refused' }));
  });

  it('opens by the whole link only, and is there again after a reload and after going back', async () => {
    const [, , , other = ''] = stage.company.accountNumbers;
    const { page } = await enrolledCustomer(stage, other);
    const ask = await askForProof(stage, agent.page, other);
    const confirm = page.getByRole('button', { name: 'Confirm with passkey' });
    await page.goto(ask.link.replace(/#.*/, ''));
    await expectShown(page.getByRole('heading', { name: 'This link is not complete' }));
    await expectShown(page.getByText('Open the link in the message again.'));
    // The message again, in the same tab: only what stands behind # is another.
    await page.goto(ask.link);
    await expectShown(confirm);
    await page.reload();
    await expectShown(confirm);
    await page.goto(`${stage.company.origins.customers}/enrol`);
    await expectShown(page.getByRole('heading', { name: 'Set up your passkey' }));
    await page.goBack();
    await expectShown(confirm);
    expect(
      await page.evaluate(() => [localStorage.length, sessionStorage.length, history.state]),
    ).toEqual([0, 0, null]);
    await page.getByRole('button', { name: 'Not now' }).click();
    await expectShown(page.getByRole('heading', { name: 'Not now, then' }));
    await expectShown(agent.page.getByText('The customer declined the last request.'));
  });

  it('ends with a forged signature', async () => {
    const ask = await askForProof(stage, agent.page, account);
    customer.complaints.expect(/^4\d\d POST \/api\/customer\/proof-requests\/\w+\/assertion$/);
    await customer.passkeys.setForging(true);
    await confirmRequest(customer, ask);
    await expectShown(customer.page.getByRole('heading', { name: 'This passkey does not fit' }));
    await customer.passkeys.setForging(false);
    await expectShown(agent.page.getByText('the number or the passkey did not match'));
  });

  it('ends with a no, and the agent is told', async () => {
    const ask = await askForProof(stage, agent.page, account);
    await customer.page.goto(ask.link);
    await customer.page.getByRole('button', { name: 'This is not me' }).click();
    await expectShown(customer.page.getByRole('heading', { name: 'Thank you for telling us' }));
    await expectShown(agent.page.getByText('The customer declined the last request.'));
    await expectShown(
      agent.page
        .getByRole('alert')
        .filter({ hasText: 'Somebody said that they are not on this call.' }),
    );
  });

  it('looks the same to the agent when nobody has that account, and runs out', async () => {
    const before = stage.company.messages.length;
    await agent.page.getByLabel('Account number that the caller says').fill('MH-99999');
    await agent.page.getByRole('button', { name: 'Send a request to the contact' }).click();
    await expectShown(agent.page.getByLabel(/^Matching number/));
    await stage.company.letRequestsAge(120);
    await expectShown(agent.page.getByText('The last request was not answered in time.'));
    expect(stage.company.messages.length).toBe(before);
  });

  it('runs out on the customer’s page as well', async () => {
    const [, , other = ''] = stage.company.accountNumbers;
    const late = await enrolledCustomer(stage, other);
    const ask = await askForProof(stage, agent.page, other);
    await late.page.goto(ask.link);
    await expectShown(late.page.getByRole('button', { name: 'Confirm with passkey' }));
    await stage.company.letRequestsAge(120);
    await expectShown(late.page.getByRole('heading', { name: 'The time is over' }));
    await expectShown(agent.page.getByText('The last request was not answered in time.'));
    await agent.page.getByRole('button', { name: 'End call' }).click();
    await agent.page.getByRole('button', { name: 'End it now' }).click();
    await expectShown(agent.page.getByText('Closed with the call'));
  });
});

describe('a proved call', () => {
  let customer: Person;
  let account: string;
  let call: string;

  beforeAll(async () => {
    [account = ''] = stage.company.accountNumbers;
    customer = await enrolledCustomer(stage, account);
    call = await ringAt(stage, AGENT);
    await panelOf(agent.page, call);
  });

  it('survives a closed passkey prompt: nothing is confirmed, and one can try again', async () => {
    const ask = await askForProof(stage, agent.page, account);
    await customer.passkeys.setWilling(false);
    await confirmRequest(customer, ask);
    await expectShown(customer.page.getByText('nothing was confirmed'));
    expect(await agent.page.getByText('Waiting for the customer').count()).toBe(1);
    await customer.passkeys.setWilling(true);
    await customer.page.getByRole('button', { name: 'Confirm with passkey' }).click();
    await expectShown(customer.page.getByRole('heading', { name: 'You have confirmed' }));
    await accountShown(agent.page);
  });

  it('sends a refund once, however often the button is pressed', async () => {
    const { page } = agent;
    const form = page.getByRole('form', { name: 'Start a refund' });
    agent.complaints.expect(/^401 POST \/customers\/[\w-]+\/refunds$/);
    await stage.company.letProofsAge(61);
    await fillRefund(form, '12.00', 'Goodwill');
    await form.getByRole('button').dblclick();
    await page
      .frameLocator('iframe[title="Sign in with your passkey"]')
      .getByRole('button', { name: 'Continue with your passkey' })
      .dblclick();
    await expectShown(form.getByText('The refund is on its way to the customer.'));
    const invoices = sectionOf(page, 'Invoices');
    await expectShown(invoices.getByText('12.00'));
    expect(await invoices.getByText('24.00').count()).toBe(0);
  });

  it('is there again after a reload, and after back and forward', async () => {
    const { page } = agent;
    await page.reload();
    await accountShown(page);
    await page.getByRole('link', { name: 'Calls' }).click();
    await expectShown(page.getByRole('heading', { name: 'Your calls' }));
    await page.goBack();
    await accountShown(page);
    await page.goForward();
    await expectShown(page.getByRole('heading', { name: 'Your calls' }));
    await page.goBack();
    await accountShown(page);
  });

  it('stands in two tabs, and what ends in one ends in the other', async () => {
    const tab = await agent.openTab();
    await tab.goto(`${stage.company.origins.staff}/agent/calls/${call}`);
    await accountShown(tab);
    await agent.page.getByRole('button', { name: 'End call' }).click();
    await agent.page.getByRole('button', { name: 'End it now' }).click();
    await expectShown(agent.page.getByText('Closed with the call'));
    await expectShown(tab.getByText('Closed with the call'));
    await tab.close();
  });
});

describe('a session', () => {
  it('that security ends is gone from the screen while the agent types', async () => {
    const { page, complaints } = agent;
    // Whatever the page asked in that moment is refused.
    complaints.tolerate(/^40[01] /);
    const call = await ringAt(stage, AGENT);
    await panelOf(page, call);
    await page.getByLabel('Account number that the caller says').pressSequentially('MH-100');

    const security = await seatFounder(stage.company, stage.company.founders.security);
    const people = await security.console.api('GET', '/api/people');
    const { subjectId } = (
      people.body as { people: { displayName: string; subjectId: string }[] }
    ).people // the contract's form
      .find(({ displayName }) => displayName === AGENT) ?? { subjectId: '' };
    const person = await security.console.api('GET', `/api/people/${subjectId}`);
    const { liveSessions } = person.body as { liveSessions: { sessionId: string }[] }; // the contract's form
    for (const { sessionId } of liveSessions) {
      await security.console.api('POST', `/api/sessions/${sessionId}/end`);
    }
    const ended = startStopwatch();
    await expectShown(page.getByText('Your session was ended.'));
    expect(ended.tookMs()).toBeLessThan(REVOKED_MAX_MS);
    expect(await page.getByText('MH-100').count()).toBe(0);
    expect(await page.getByRole('navigation').count()).toBe(0);

    // What was pushed for the frame has expired, as after a sleep of the machine: words, and a way on.
    const expired = '**/oidc/auth?*';
    await page.route(expired, (route) => route.continue({ url: `${route.request().url()}x` }));
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await expectShown(page.getByText('The sign-in was not completed.'));
    await page.unroute(expired);
    await page.getByRole('button', { name: 'Start again' }).click();
    await page
      .frameLocator('iframe[title="Sign in with your passkey"]')
      .getByRole('button', { name: 'Continue with your passkey' })
      .click();
    // The call is still theirs: the panel is where it was.
    await expectShown(page.getByLabel('Account number that the caller says'));
    await hangUp(stage, call, agent);
    await expectShown(page.getByText('Closed with the call'));
  });
});

it('leaves nothing red in anybody’s console but what was meant', () => {
  expect(stage.complaints()).toEqual([]);
});
