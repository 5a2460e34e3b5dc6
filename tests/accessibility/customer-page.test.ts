import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from '../journeys/stage/expect-shown.ts';
import { createTranscript } from '../../demo/story/transcript.ts';
import { verifyOffline } from '../../demo/story/verify-offline.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { askForProof, ring, type Stage as HttpStage } from '../../demo/story/stage.ts';
import { callCode, signInAsCustomer } from '../journeys/stage/customer-steps.ts';
import { openStage, type Person, type Stage } from '../journeys/stage/open-stage.ts';
import { tellFailures } from '../journeys/stage/tell-failures.ts';
import { inspectPage } from './inspect-page.ts';

let stage: Stage;
let http: HttpStage;
let agent: Colleague;
let customer: Person;
let call: string;
let account: string;

beforeAll(async () => {
  stage = await openStage({ portal: true });
  [account = ''] = stage.company.accountNumbers;
  http = {
    company: stage.company,
    transcript: createTranscript(() => undefined),
    verifyOffline,
  };
  agent = await seatFounder(stage.company, 'Ana Ruiz');
  call = await ring(http, agent);
  customer = await stage.person({ passkey: 'synced' });
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** The agent asks; the customer has the request's page open. */
async function openRequest(): Promise<string> {
  const ask = { interactionId: call, accountNumber: account };
  const { request, link } = await askForProof(http, agent, ask);
  await customer.page.goto(link);
  await expectShown(customer.page.getByRole('button', { name: 'Confirm with passkey' }));
  return request.matchingNumber ?? '';
}

async function expectHeading(text: string | RegExp): Promise<void> {
  const heading = customer.page.getByRole('heading', { level: 1, name: text });
  await expectShown(heading);
  // A screen that replaces another takes the focus along, or it would be lost.
  expect(await heading.evaluate((element) => element === document.activeElement)).toBe(true);
}

describe('every page of the customer', () => {
  it('a link that leads nowhere', async () => {
    const { page, complaints } = customer;
    complaints.expect(/^4\d\d POST \/api\/customer\/enrolment\/open$/);
    await page.goto(`${stage.company.origins.customers}/enrol#nothing`);
    await expectHeading('This link is not complete');
    expect(await inspectPage(page)).toEqual([]);
    await page.goto('about:blank');
    await page.goto(`${stage.company.origins.customers}/enrol#${'A'.repeat(43)}`);
    await expectHeading('This link does not work');
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the first passkey, and when it is ready', async () => {
    const { page } = customer;
    await page.goto('about:blank');
    await page.goto(stage.company.messageTo(account).link ?? '');
    await expectHeading(/^Welcome, /);
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Set up passkey' }).click();
    await expectHeading('Your passkey is ready');
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the sign-in, the own page and the call code', async () => {
    const { page } = customer;
    customer.complaints.expect(/^401 GET \/api\/customer\/self$/);
    await page.goto(stage.company.origins.customers);
    await expectHeading(/^Sign in to /);
    await expectShown(page.getByLabel('Passkeys of this browser'));
    expect(await inspectPage(page)).toEqual([]);
    await signInAsCustomer(stage, customer);
    expect(await inspectPage(page)).toEqual([]);
    expect(await callCode(customer)).toMatch(/^\w{6}$/);
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a portal that asks to sign in, what it learns, and what is taken back from it', async () => {
    const { page } = customer;
    const portal = `http://127.0.0.1:${new URL(stage.company.origins.demo).port}/portal`;
    await page.goto(portal);
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await expectHeading('Sign in to My account?');
    await expectShown(page.getByText('your account number'));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Do not sign in' }).click();
    await expectShown(page.getByText('You chose not to sign in.'));
    // Two tabs: what the second begins takes nothing from the first.
    const second = await customer.openTab();
    for (const tab of [page, second]) {
      await tab.goto(portal);
      await tab.getByRole('button', { name: 'Sign in with your passkey' }).click();
      await expectShown(tab.getByRole('heading', { name: 'Sign in to My account?' }));
    }
    await page.getByRole('button', { name: 'Agree and sign in with passkey' }).click();
    await expectShown(page.getByText(account, { exact: true }));
    await second.close();
    // Who has agreed and is signed in is not asked again.
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expectShown(page.getByRole('heading', { name: 'Sign out?' }));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Stay signed in here' }).click();
    await page.goto(portal);
    await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
    await expectShown(page.getByText(account, { exact: true }));
    await page.goto(stage.company.origins.customers);
    await page.getByRole('button', { name: 'Where you sign in' }).click();
    await expectHeading('Where you sign in');
    await expectShown(page.getByText('My account', { exact: true }));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Take it back from My account' }).click();
    await expectShown(page.getByText(/^You have taken it back\./));
    const isSignedOut = async () => {
      await page.goto(portal);
      return page.getByText('You are not signed in.').isVisible();
    };
    // It is told, and asks nothing by itself.
    await expect.poll(isSignedOut, { timeout: 15_000 }).toBe(true);
    await page.goto(stage.company.origins.customers);
    await expectHeading(/^Hello, /);
  });

  it('the own passkeys: one, a second by its proof, and one again', async () => {
    const { page, passkeys } = customer;
    await page.goto(stage.company.origins.customers);
    await page.getByRole('button', { name: 'Your passkeys' }).click();
    await expectHeading('Your passkeys');
    await expectShown(page.getByText('Your only one stays.'));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await expectHeading('Add a passkey');
    expect(await inspectPage(page)).toEqual([]);
    await page.getByLabel('What you will call it').fill('Key in the drawer');
    await page.getByRole('button', { name: 'Confirm with your passkey' }).click();
    await expectHeading('Now the new one');
    expect(await inspectPage(page)).toEqual([]);
    const key = await passkeys.plugInKey();
    await passkeys.setTouched(false);
    await page.getByRole('button', { name: 'Make the new passkey' }).click();
    await expectShown(page.getByText('“Key in the drawer” was added.', { exact: true }));
    await passkeys.setTouched(true);
    await key.setTouched(false);
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove Key in the drawer' }).click();
    await expectShown(page.getByText('“Key in the drawer” was removed.', { exact: true }));
    await expect.poll(() => key.countPasskeys('customers.localhost')).toBe(0);
    await page.getByRole('button', { name: 'Back to your page' }).click();
    await expectHeading(/^Hello, /);
  });

  it('a request, a missing number, a closed prompt, and a yes', async () => {
    const { page, passkeys } = customer;
    const matchingNumber = await openRequest();
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Confirm with passkey' }).click();
    await expectShown(page.getByText('Type the two digits'));
    expect(await inspectPage(page)).toEqual([]);
    await passkeys.setWilling(false);
    await page.getByLabel(/^The two digits/).fill(matchingNumber);
    await page.getByRole('button', { name: 'Confirm with passkey' }).click();
    await expectShown(page.getByText('nothing was confirmed'));
    expect(await inspectPage(page)).toEqual([]);
    await passkeys.setWilling(true);
    await page.getByRole('button', { name: 'Confirm with passkey' }).click();
    await expectHeading('You have confirmed');
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a no', async () => {
    const { page } = customer;
    await openRequest();
    await page.getByRole('button', { name: 'This is not me' }).click();
    await expectHeading('Thank you for telling us');
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a request that nobody knows', async () => {
    const { page, complaints } = customer;
    complaints.expect(/^410 GET \/api\/customer\/proof-requests\//);
    const nobodys = 'prq_00000000000000000000000000';
    await page.goto(`${stage.company.origins.customers}/confirm/${nobodys}#${'A'.repeat(43)}`);
    await expectHeading('This request is closed');
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a link that lost its end', async () => {
    const { page } = customer;
    await page.goto(`${stage.company.origins.customers}/confirm/prq_00000000000000000000000000`);
    await expectHeading('This link is not complete');
    expect(await inspectPage(page)).toEqual([]);
  });
});

it('leaves nothing red in the customer’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
