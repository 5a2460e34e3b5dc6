import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startStopwatch } from '../harness/stopwatch.ts';
import { expectShown } from './stage/expect-shown.ts';
import {
  callCode,
  confirmRequest,
  enrolledCustomer,
  signInAsCustomer,
} from './stage/customer-steps.ts';
import { handOver } from './stage/hand-over-steps.ts';
import { lockAndUnlock } from './stage/lock-steps.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { sectionOf } from './stage/section-of.ts';
import {
  accountShown,
  approveByKeyboard,
  askForProof,
  fillRefund,
  founder,
  hangUp,
  panelOf,
  ringAt,
  signInFrame,
} from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

/** The panel is alive: what happens elsewhere is on it within this time. */
const LIVE_MAX_MS = 1_000;
/** P6: what has ended works nowhere any more after this time. */
const ENDED_MAX_MS = 2_000;
const AGENT = 'Ana Ruiz';

let stage: Stage;
let agent: Person;
let supervisor: Person;
let customer: Person;
let accountNumber: string;

beforeAll(async () => {
  stage = await openStage();
  [accountNumber = ''] = stage.company.accountNumbers;
  [agent, supervisor, customer] = await Promise.all([
    founder(stage, AGENT),
    founder(stage, stage.company.founders.supervisor),
    enrolledCustomer(stage, accountNumber),
  ]);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

const approve = (shown: readonly string[]) => approveByKeyboard(supervisor, AGENT, shown);

describe('a call', () => {
  let call: string;

  it('rings: the panel opens by itself, with what is open and the next step', async () => {
    const { page } = agent;
    call = await ringAt(stage, AGENT);
    const rung = startStopwatch();
    await panelOf(page, call);
    expect(rung.tookMs()).toBeLessThan(LIVE_MAX_MS);
    await expectShown(page.getByText('The caller has not proved who they are', { exact: true }));
    expect(await page.getByText('Next step').count()).toBe(1);
    expect(await sectionOf(page, 'What this opens now').innerText()).toMatch(/1 of 40/i);
    expect(await sectionOf(page, 'Account').innerText()).toContain('No account is open');
    for (const word of ['card', 'plan ', '@'])
      expect(await sectionOf(page, 'Account').innerText()).not.toContain(word);
  });

  it('is proved by the customer’s touch, and the panel knows within a second', async () => {
    const { page } = agent;
    const ask = await askForProof(stage, page, accountNumber);
    expect(ask.matchingNumber).toMatch(/^\d\d$/);
    await customer.page.goto(ask.link);
    const request = customer.page.locator('main');
    await expectShown(request.getByRole('heading', { name: /on a call with Marrowfield Home/ }));
    const words = await request.innerText();
    for (const word of [AGENT, stage.company.outsourcedDesk, 'Your bills and payments', 'call'])
      expect(words).toContain(word);

    const touched = customer.page.waitForResponse(/\/assertion$/).then(() => startStopwatch());
    const shown = expectShown(page.getByText('Proved with a passkey')).then(async () =>
      (await touched).tookMs(),
    );
    await confirmRequest(customer, ask);
    expect(await shown).toBeLessThan(LIVE_MAX_MS);
    await expectShown(customer.page.getByRole('heading', { name: 'You have confirmed' }));
  });

  it('shows what a billing case needs, and names what it leaves out', async () => {
    const { page } = agent;
    const account = sectionOf(page, 'Account');
    await expectShown(account.getByText(accountNumber));
    const words = await account.innerText();
    expect(words).toMatch(/ends in \d{4}/);
    for (const hidden of ['Card token', 'Identity documents', 'Health notes'])
      expect(words).toContain(hidden);
    // Why, for whom it is hidden from, by keyboard alone.
    const health = account.locator('details', { hasText: 'Health notes' });
    await health.locator('summary').focus();
    await page.keyboard.press('Enter');
    await expectShown(health.getByText('No type of case shows it.'));
    expect(await sectionOf(page, 'Invoices').getByRole('row').count()).toBeGreaterThan(1);
    // What is hidden was never on this machine: no answer held it.
    expect(words).not.toMatch(/tok_|passport/i);
  });

  it('changes the delivery preference at once', async () => {
    const form = agent.page.getByRole('form', { name: 'Change the delivery preference' });
    await form.getByRole('combobox').selectOption({ label: 'In the customer portal' });
    await form.getByRole('button').click();
    await expectShown(form.getByText('The delivery preference is changed.'));
    await expectShown(sectionOf(agent.page, 'Account').getByText('In the customer portal'));
  });

  it('offers what the matter and the role allow besides, and nothing else', async () => {
    const form = agent.page.getByRole('form', { name: 'Add a note' });
    await form.getByLabel('Note').fill('Asked for the portal.');
    await form.getByRole('button').click();
    await expectShown(form.getByText('Done, and written down.'));
    const offered = sectionOf(agent.page, 'In this matter');
    expect(await offered.getByRole('form', { name: 'Grant a credit' }).count()).toBe(1);
    expect(await offered.getByRole('form', { name: 'Replace the SIM' }).count()).toBe(0);
  });

  it('changes the billing address under a fresh proof', async () => {
    const form = agent.page.getByRole('form', { name: 'Change the billing address' });
    await form.getByLabel('Street and number').fill('Lindenweg 7');
    await form.getByLabel('Postal code').fill('20095');
    await form.getByLabel('City').fill('Hamburg');
    await form.getByLabel('Country').fill('de');
    await form.getByRole('button').click();
    await expectShown(form.getByText('The billing address is changed.'));
    await expectShown(sectionOf(agent.page, 'Account').getByText('Lindenweg 7, 20095 Hamburg, DE'));
  });

  it('asks for the agent’s own passkey before a refund, and goes on by itself', async () => {
    const { page, complaints } = agent;
    complaints.expect(/^401 POST \/customers\/[\w-]+\/refunds$/);
    await stage.company.letProofsAge(61);
    const pagesBehind = await page.evaluate(() => window.history.length);
    const form = page.getByRole('form', { name: 'Start a refund' });
    await fillRefund(form, '25.00', 'Billing error');
    await form.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: 'Your passkey is needed' });
    await expectShown(dialog);
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    await dialog.waitFor({ state: 'detached' });
    await expectShown(form.getByText('The refund is on its way to the customer.'));
    await expectShown(sectionOf(page, 'Invoices').getByText('25.00'));
    // “Back” leads away from the call, not through the dialog.
    expect(await page.evaluate(() => window.history.length)).toBe(pagesBehind);
  });

  it('keeps what was typed when the agent closes the passkey prompt', async () => {
    const { page } = agent;
    await stage.company.letProofsAge(61);
    const form = page.getByRole('form', { name: 'Start a refund' });
    await fillRefund(form, '17.40', 'Goodwill');
    await form.getByRole('button').click();
    const touch = signInFrame(page).getByText(/^Continue/);
    await touch.press('Escape');
    await expectShown(form.getByText('You did not confirm, so nothing was sent.'));
    expect(await form.getByLabel('Amount in EUR').inputValue()).toBe('17.40');
    expect(await sectionOf(page, 'Invoices').getByText('17.40').count()).toBe(0);
  });

  it('is locked at a keystroke, in every tab, and one touch brings back what was typed', async () => {
    const { page, complaints } = agent;
    // What was on its way at that moment is asked again after the touch.
    complaints.tolerate(/^401 GET \/api\//);
    const form = page.getByRole('form', { name: 'Start a refund' });
    await form.getByLabel('Reason').focus();
    const hidden = [accountNumber, '17.40', 'Goodwill', 'Invoices'];
    await lockAndUnlock(agent, {
      url: `${stage.company.origins.staff}/agent`,
      name: AGENT,
      hidden,
    });
    expect(await form.getByLabel('Amount in EUR').inputValue()).toBe('17.40');
    await form.locator('select:focus').waitFor();
  });

  it('says at once that it is offline, refuses a change with what was typed, and sends none later', async () => {
    const { page, complaints } = agent;
    complaints.tolerate(/^net::ERR_INTERNET_DISCONNECTED /);
    const form = page.getByRole('form', { name: 'Add a note' });
    await page.context().setOffline(true);
    await expectShown(page.getByText('Offline · nothing is sent'));
    await form.getByLabel('Note').fill('Written without a network.');
    await form.getByRole('button').click();
    await expectShown(form.getByText('You are offline, so nothing was sent.'));
    await page.context().setOffline(false);
    await expectShown(page.getByText('Up to date'));
    expect(await form.getByLabel('Note').inputValue()).toBe('Written without a network.');
    expect(await form.getByText('Done, and written down.').count()).toBe(0);
  });

  it('sends a large refund once a supervisor has approved exactly it, by keyboard', async () => {
    const { page, complaints } = agent;
    complaints.expect(/^403 POST \/customers\/[\w-]+\/refunds$/);
    const form = page.getByRole('form', { name: 'Start a refund' });
    await fillRefund(form, '150.00', 'Service outage');
    await form.getByRole('button', { name: 'Start a refund' }).click();
    // Enter asks; it does not send the refund again.
    await form.getByLabel('Note to the supervisor').fill('Two days without power.');
    await form.getByLabel('Note to the supervisor').press('Enter');
    const asked = form.getByRole('list', { name: 'Asked of a supervisor' });
    await expectShown(asked.getByText('Waiting for a supervisor'));
    const step = sectionOf(page, 'Caller').getByRole('status');
    await expectShown(
      step.getByText('Waiting for a supervisor to approve: a refund of 150.00 EUR'),
    );

    await approve([
      '150.00',
      'Service outage',
      'Two days without power.',
      accountNumber,
      '25.00 EUR refunded so far',
    ]);
    await expectShown(step.getByText('A supervisor has approved: a refund of 150.00 EUR'));
    await stage.company.letProofsAge(61);
    // The question left the focus beside its answer, so that the letter works at once.
    await page.keyboard.press('g');
    // The dialog brings the button under the hand.
    await signInFrame(page)
      .getByRole('button', { name: 'Continue with your passkey' })
      .press('Enter');
    await expectShown(asked.getByText('The refund is on its way to the customer.'));
    await expectShown(sectionOf(page, 'Invoices').getByText('175.00'));
    expect(await asked.getByRole('button', { name: 'Send refund' }).count()).toBe(0);
    expect(await form.getByLabel('Amount in EUR').inputValue()).toBe('');
  });

  it('does not send the same refund a second time unasked, nor more than is left', async () => {
    const form = agent.page.getByRole('form', { name: 'Start a refund' });
    await fillRefund(form, '25.00', 'Billing error');
    await form.getByRole('button', { name: 'Start a refund' }).click();
    await expectShown(form.getByText(/^25\.00 EUR on INV-[\d-]+ went out on this call already\./));
    await form.getByRole('button', { name: 'Do not send' }).click();
    await form.getByLabel('Amount in EUR').fill('9999');
    await expectShown(form.getByText(/^Only [\d.]+ EUR of this invoice are left to refund\.$/));
    await form.getByRole('button', { name: 'Start a refund' }).click();
    expect(await form.getByRole('button', { name: 'Ask a supervisor' }).count()).toBe(0);
    await expectShown(sectionOf(agent.page, 'Invoices').getByText('175.00'));
  });

  it('says when the guarded system ate an approval, and asks again for the same', async () => {
    const { page, complaints } = agent;
    const form = page.getByRole('form', { name: 'Start a refund' });
    await fillRefund(form, '', 'Service outage');
    // As fast as a person types: a press right after the last one would count as its double.
    await form.getByLabel('Amount in EUR').pressSequentially('120.00', { delay: 80 });
    await form.getByRole('button', { name: 'Start a refund' }).click();
    await expectShown(
      form.getByText('A refund of this size needs a supervisor’s approval.', { exact: true }),
    );
    expect(await form.getByText('This is not permitted.').count()).toBe(0);
    await form.getByRole('button', { name: 'Ask a supervisor' }).click();
    await approve(['120.00', accountNumber]);
    // The invoice is not what was approved any more: its own rules forbid it then.
    await fillRefund(form, '12.00', 'Goodwill');
    await form.getByRole('button', { name: 'Start a refund' }).click();
    await expectShown(sectionOf(page, 'Invoices').getByText('187.00'));

    complaints.expect(/^422 POST \/customers\/[\w-]+\/refunds$/);
    const asked = form.getByRole('list', { name: 'Asked of a supervisor' });
    await asked.getByRole('button', { name: 'Send refund' }).click();
    await expectShown(asked.getByText('The approval is used up, and nothing was changed.'));
    await expectShown(asked.getByText('Used up, refused there'));
    await asked.getByRole('button', { name: 'Ask again for the same' }).click();
    await expectShown(asked.getByText('Waiting for a supervisor'));
    await expectShown(asked.getByText('You have asked for the same again.'));
    const again = supervisor.page.getByRole('listitem').filter({ hasText: '120.00' });
    await expectShown(again.getByText('the guarded system refused the first one'));
    await supervisor.page.getByLabel('State').selectOption('Used');
    await expectShown(supervisor.page.getByText('The guarded system refused it').first());
    await expectShown(supervisor.page.getByText('The guarded system carried it out.').first());
  });

  it('takes a request back while nobody has answered it', async () => {
    const form = agent.page.getByRole('form', { name: 'Start a refund' });
    const asked = form.getByRole('list', { name: 'Asked of a supervisor' });
    await asked.getByRole('button', { name: 'Take it back' }).click();
    await expectShown(asked.getByText('Taken back', { exact: true }));
    await expectShown(asked.getByText('It was taken back before anybody answered.'));
    expect(await asked.getByRole('button', { name: 'Take it back' }).count()).toBe(0);
    await supervisor.page.getByLabel('State').selectOption('Waiting');
    await expectShown(supervisor.page.getByText('Nothing waits for you.'));
  });

  it('carries any approved act out with one press, as it was asked for', async () => {
    const { page, complaints } = agent;
    complaints.expect(/^403 POST \/customers\/[\w-]+\/credits$/);
    const form = page.getByRole('form', { name: 'Grant a credit' });
    await form.getByLabel('Amount in EUR').fill('60.00');
    await form.getByLabel('Reason').selectOption({ label: 'Service outage' });
    await form.getByRole('button', { name: 'Grant a credit' }).click();
    await form.getByRole('button', { name: 'Ask a supervisor' }).click();
    const asked = form.getByRole('list', { name: 'Asked of a supervisor' });
    // The supervisor reads the words of the form, not the names of a body’s members.
    await approve(['AMOUNT IN EUR', '60.00 EUR', 'Service outage', accountNumber]);
    const step = sectionOf(page, 'Caller').getByRole('status');
    await expectShown(step.getByText(/approved: grant a credit \(60\.00 EUR, Service outage\)/));
    await asked.getByRole('button', { name: 'Carry it out' }).click();
    await expectShown(asked.getByText('Done as it was approved, and written down.'));
    await expectShown(asked.getByText('Carried out', { exact: true }));
    expect(await asked.getByRole('button', { name: 'Carry it out' }).count()).toBe(0);
    expect(await form.getByLabel('Amount in EUR').inputValue()).toBe('');
  });

  it('ends: everything closes within two seconds, and says why', async () => {
    const { page } = agent;
    await hangUp(stage, call, agent);
    const ended = startStopwatch();
    await expectShown(page.getByText('Closed with the call'));
    expect(ended.tookMs()).toBeLessThan(ENDED_MAX_MS);
    const words = await page.locator('main').innerText();
    expect(words).toContain('The call has ended');
    expect(words).toMatch(/The caller had proved who they are\s+With a passkey, at \d/);
    for (const gone of ['Lindenweg', accountNumber, 'ends in']) expect(words).not.toContain(gone);
    expect(
      await page.getByRole('button', { name: 'Start a refund' }).getAttribute('aria-disabled'),
    ).toBe('true');
  });

  it('is wrapped up by the agent, in the first minutes', async () => {
    const form = agent.page.getByRole('form', { name: 'Wrap-up' });
    await form.getByLabel('How the call ended').selectOption({ label: 'To be continued' });
    await form.getByRole('button', { name: 'Write it down' }).click();
    await expectShown(form.getByText('Written down.'));
  });
});

describe('another call', () => {
  it('is proved when the customer starts: a code, read to the agent', async () => {
    const { page } = agent;
    const call = await ringAt(stage, AGENT);
    await panelOf(page, call);
    await signInAsCustomer(stage, customer);
    const code = await callCode(customer);
    await page.getByLabel('Call code that the customer sees').fill(code);
    await page.getByRole('button', { name: 'Find the caller' }).click();
    const confirm = customer.page.getByRole('button', { name: 'Confirm with passkey' });
    await expectShown(confirm);
    // The customer is signed in on the company's own page: there is no number to match.
    expect(await customer.page.getByLabel(/^The two digits/).count()).toBe(0);
    await confirm.click();
    await expectShown(customer.page.getByRole('heading', { name: 'You have confirmed' }));
    await accountShown(page);
  });

  it('is left at a shared desk: nothing of it is there for the next person', async () => {
    const { page } = agent;
    const street = page.getByLabel('Street and number');
    await street.fill('Unsent street 4711');
    await handOver(agent, supervisor, [accountNumber, 'Lindenweg', 'Unsent', 'ends in', AGENT]);
    await accountShown(page);
    expect(await street.inputValue()).not.toContain('Unsent');
  });

  it('whose proof grows too old while its panel stands open is asked for anew, and loses nothing typed', async () => {
    const { page, complaints } = agent;
    const form = page.getByRole('form', { name: 'Change the billing address' });
    await form.getByLabel('Street and number').fill('Ahornallee 3');
    await form.getByLabel('Postal code').fill('20095');
    await form.getByLabel('City').fill('Hamburg');
    await form.getByLabel('Country').fill('de');
    complaints.expect(/^403 PUT \/customers\/[\w-]+\/billing-address$/);
    await stage.company.letCustomersProofsAge(301);
    await form.getByRole('button').click();
    // Nobody has told the panel: it finds out when it acts, and says what is missing.
    const again = page.getByRole('button', { name: 'Ask the customer again' });
    await expectShown(again);
    expect(await form.getByText('The billing address is changed.').count()).toBe(0);
    const before = stage.company.messages.length;
    await again.click();
    const spoken = await page.getByLabel(/^Matching number/).getAttribute('aria-label');
    const { link = '' } = await stage.company.nextMessage(before);
    await confirmRequest(customer, { link, matchingNumber: (spoken ?? '').replaceAll(/\D/g, '') });
    await expectShown(customer.page.getByRole('heading', { name: 'You have confirmed' }));
    const isClosed = () => form.getByRole('button').getAttribute('aria-disabled');
    await expect.poll(isClosed, { timeout: 15_000 }).not.toBe('true');
    // What nobody typed comes from the record, which is read anew under the new proof.
    const city = () => form.getByLabel('City').inputValue();
    await expect.poll(city, { timeout: 15_000 }).toBe('Hamburg');
    expect(await form.getByLabel('Street and number').inputValue()).toBe('Ahornallee 3');
    await form.getByRole('button').click();
    await expectShown(form.getByText('The billing address is changed.'));
    await expectShown(sectionOf(page, 'Account').getByText('Ahornallee 3, 20095 Hamburg, DE'));
    await page.getByRole('button', { name: 'End call' }).click();
    await page.getByRole('button', { name: 'End it now' }).click();
    await expectShown(page.getByText('Closed with the call'));
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
