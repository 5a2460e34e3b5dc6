import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OFFERED } from '../journeys/stage/customer-steps.ts';
import { expectShown } from '../journeys/stage/expect-shown.ts';
import { openStage, type Person, type Stage } from '../journeys/stage/open-stage.ts';
import { sectionOf } from '../journeys/stage/section-of.ts';
import { CONSOLE_SHOWS, panelOf, ringAt, signInFrame } from '../journeys/stage/staff-steps.ts';
import { tellFailures } from '../journeys/stage/tell-failures.ts';
import { inspectPage } from './inspect-page.ts';

const AGENT = 'Ana Ruiz';
const TABS_MAX = 60;

let stage: Stage;
let agent: Person;
let supervisor: Person;
let customer: Person;
let account: string;

beforeAll(async () => {
  stage = await openStage();
  [account = ''] = stage.company.accountNumbers;
  [agent, supervisor, customer] = await Promise.all([
    stage.person(),
    stage.person(),
    stage.person({ passkey: 'synced' }),
  ]);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** Runs in the page. */
function focusedHere(): string {
  const { activeElement } = document;
  if (!activeElement || activeElement === document.body) return '';
  if (activeElement.tagName === 'IFRAME') return '';
  const isField =
    activeElement instanceof HTMLInputElement || activeElement instanceof HTMLSelectElement;
  const words =
    activeElement.getAttribute('aria-label') ||
    (isField && activeElement.labels?.[0]?.textContent) ||
    activeElement.textContent ||
    activeElement.tagName;
  return words.trim();
}

/** What has the focus, by its words; a frame's own focus counts. */
async function focused(page: Page): Promise<string> {
  const inFrames = await Promise.all(
    // A frame that goes away meanwhile has no focus.
    page.frames().map((frame) => frame.evaluate(focusedHere).catch(() => '')),
  );
  return inFrames.find((words) => words !== '') ?? '';
}

/** The next step finds the focus somewhere: a lost one begins at the top of the page again. */
async function expectFocus(page: Page): Promise<void> {
  await expect.poll(() => focused(page)).not.toBe('');
}

/** Tab until the focus is on what has these words. */
async function tabTo(page: Page, words: RegExp): Promise<void> {
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    if (words.test(await focused(page))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${TABS_MAX} tabs did not lead to ${words}`);
}

async function pressOn(page: Page, words: RegExp): Promise<void> {
  await tabTo(page, words);
  await page.keyboard.press('Enter');
}

async function signInByKeyboard({ page }: Person, name: string): Promise<void> {
  await page.goto(stage.company.founderLinks.get(name) ?? '');
  // Each page brings its one next step under the hand.
  await pressOn(page, /^Open it on this device/);
  await pressOn(page, /^Make your passkey/);
  await expectShown(page.getByText('Your account is active'));
  await pressOn(page, /^Sign in$/);
  await pressOn(page, /^Continue with your passkey/);
  await expectShown(page.getByText(CONSOLE_SHOWS));
}

describe('with the keyboard alone', () => {
  it('an agent and a supervisor onboard and sign in', async () => {
    await signInByKeyboard(agent, AGENT);
    await signInByKeyboard(supervisor, stage.company.founders.supervisor);
    await expectShown(agent.page.getByText('No calls yet.'));
    await expectShown(supervisor.page.getByText('Nothing waits for you.'));
  });

  it('a customer sets up a passkey', async () => {
    await customer.page.goto(stage.company.messageTo(account).link ?? '');
    await pressOn(customer.page, /^Set up passkey/);
    await expectShown(customer.page.getByRole('heading', { name: 'Your passkey is ready' }));
  });

  it('the agent takes a call and asks for proof, and the customer confirms', async () => {
    const { page } = agent;
    await panelOf(page, await ringAt(stage, AGENT));
    expect(await inspectPage(page)).toEqual([]);
    await page.keyboard.press('s');
    expect(await focused(page)).toMatch(/^Account number/);
    const before = stage.company.messages.length;
    await page.keyboard.type(account);
    await page.keyboard.press('Enter');
    const number = page.getByLabel(/^Matching number/);
    const spoken = (await number.getAttribute('aria-label')) ?? '';
    await expectFocus(page);
    expect(await inspectPage(page)).toEqual([]);

    const { link } = await stage.company.nextMessage(before);
    await customer.page.goto(link ?? '');
    await tabTo(customer.page, /^The two digits/);
    await customer.page.keyboard.type(spoken.replaceAll(/\D/g, ''));
    await pressOn(customer.page, /^Confirm with passkey/);
    await expectShown(customer.page.getByRole('heading', { name: 'You have confirmed' }));
    await expectShown(sectionOf(page, 'Invoices').locator('tbody tr').first());
    await expectFocus(page);
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the agent changes an address', async () => {
    const { page } = agent;
    await page.keyboard.press('b');
    expect(await focused(page)).toMatch(/^Street/);
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Lindenweg 7');
    await page.keyboard.press('Enter');
    await expectShown(page.getByText('The billing address is changed.'));
    expect(await focused(page)).toMatch(/^Street/);
  });

  it('the agent refunds, with the passkey on the way', async () => {
    const { page, complaints } = agent;
    complaints.expect(/^401 POST \/customers\/[\w-]+\/refunds$/);
    await stage.company.letProofsAge(61);
    await page.keyboard.press('Escape');
    await typeRefund(page, '25.00');
    await expectShown(page.getByRole('dialog', { name: 'Your passkey is needed' }));
    await expectShown(
      signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }),
    );
    // A yes of the person who is signed in is a press of its own, on their own machine too.
    expect(await signInFrame(page).getByLabel(OFFERED).count()).toBe(0);
    expect(await inspectPage(page)).toEqual([]);
    await pressOn(page, /^Continue with your passkey/);
    await expectShown(page.getByText('The refund is on its way to the customer.'));
    await expectFocus(page);
  });

  it('the supervisor approves a large one, and the agent sends it', async () => {
    const { page, complaints } = agent;
    complaints.expect(/^403 POST \/customers\/[\w-]+\/refunds$/);
    await typeRefund(page, '150.00');
    await expectShown(page.getByRole('button', { name: 'Ask a supervisor' }));
    expect(await inspectPage(page)).toEqual([]);
    await pressOn(page, /^Ask a supervisor/);
    const asked = page.getByRole('list', { name: 'Asked of a supervisor' });
    await expectShown(asked.getByText('Waiting for a supervisor'));
    await expectFocus(page);

    const other = supervisor.page;
    await expectShown(other.getByRole('heading', { name: 'Start a refund' }));
    await pressOn(other, /^Approve/);
    await expectShown(other.getByText('Approve because of'));
    await pressOn(other, /Service outage$/);
    await expectShown(other.getByText(`Approved. ${AGENT} can send it now.`));
    await expectFocus(other);

    await stage.company.letProofsAge(61);
    await pressOn(page, /^Send refund/);
    await expectShown(
      signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }),
    );
    await pressOn(page, /^Continue with your passkey/);
    await expectShown(asked.getByText('The refund is on its way'));
    await expectFocus(page);
  });

  it('the agent ends the call', async () => {
    const { page } = agent;
    await page.keyboard.press('Escape');
    await pressOn(page, /^End call/);
    await expectShown(page.getByRole('dialog', { name: 'End this call?' }));
    await pressOn(page, /^End it now/);
    await expectShown(page.getByText('Closed with the call'));
    await expectFocus(page);
    expect(await inspectPage(page)).toEqual([]);
  });
});

/** Fills the refund form key by key, for the last invoice of the list, which is the largest. */
async function typeRefund(page: Page, amount: string): Promise<void> {
  await tabTo(page, /^Invoice$/);
  await page.keyboard.press('End');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(amount);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Service');
  await pressOn(page, /^Start a refund/);
}

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
