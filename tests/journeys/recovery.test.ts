import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectPage } from '../accessibility/inspect-page.ts';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { enrolledCustomer, OFFERED } from './stage/customer-steps.ts';
import { confirmSignIn, founder, hangUp, registerPasskey, ringAt } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

let stage: Stage;
const WAIT_SECONDS = 2;

beforeAll(async () => {
  stage = await openStage({ recoveryWaitSeconds: WAIT_SECONDS });
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

const button = ({ page }: Person, name: string) => page.getByRole('button', { name });

/** Lays by contacts and a code, as long as the touch of the sign-in is fresh; answers the code. */
async function prepare(one: Person): Promise<string> {
  const { page } = one;
  await page.getByLabel('Bayo Adeyemi').check();
  await page.getByLabel('Clara Weiss').check();
  await button(one, 'Keep these contacts').click();
  await expectShown(page.getByText(/Bayo Adeyemi, Clara Weiss, chosen/));
  await button(one, 'Make a code').click();
  await expectShown(page.getByText('Write this down now. It is not shown again.'));
  const code = await page.getByText(/^(?:[0-9a-z]{5}-){4}[0-9a-z]{5}$/).textContent();
  // What is shown this once is not taken off the screen, by a call no more than by a link.
  const call = await ringAt(stage, 'Ana Ruiz');
  await expectShown(page.getByText('A call is ringing at your desk.'));
  await expectShown(page.getByText(code ?? 'no code'));
  await hangUp(stage, call, one);
  await page.getByRole('link', { name: 'My passkeys', exact: true }).click();
  await expectShown(page.getByText('Have you written your code down?'));
  await button(one, 'Stay here').click();
  await button(one, 'I have written it down').click();
  return code ?? '';
}

/** The end of the onboarding leads by itself to what one lays by for the day on which all is lost. */
async function firstMinutes(name: string): Promise<Person> {
  const one = await stage.person();
  await registerPasskey(one, stage.company.founderLinks.get(name) ?? '');
  await one.page.getByRole('link', { name: 'Make your recovery code' }).click();
  await confirmSignIn(one.page);
  await expectShown(one.page.getByRole('heading', { name: 'My recovery code' }));
  return one;
}

/** Begins, on another device, without any passkey. */
async function begin(): Promise<Person> {
  const one = await stage.person();
  one.complaints.expect(/^410 GET \/api\/recovery\/state$/);
  await one.page.goto(`${stage.company.origins.staff}/recovery`);
  await one.page.getByLabel('Your employee number').fill('CV-2003');
  await button(one, 'Begin').click();
  await expectShown(one.page.getByLabel(/^Matching code/));
  return one;
}

/** A contact types the code that is said to them, looks whom it is for, and signs. */
async function vouch(contact: Person, matchingCode: string): Promise<void> {
  const { page } = contact;
  await page.getByRole('link', { name: 'My recovery' }).click();
  await page.getByLabel('The code on their screen').fill(matchingCode);
  await button(contact, 'See whom it is for').click();
  await expectShown(page.getByText('You see them in person: no call, no video, no message.'));
  await expectShown(page.getByRole('strong').filter({ hasText: 'Ana Ruiz' }));
  await button(contact, 'It is them: sign with my passkey').click();
  await expectShown(page.getByText('You have signed.'));
}

it('whoever lost every passkey comes back by two proofs and a wait, and can cancel it with one tap', async () => {
  const contacts = [await founder(stage, 'Bayo Adeyemi'), await founder(stage, 'Clara Weiss')];
  const ana = await firstMinutes('Ana Ruiz');
  const code = await prepare(ana);

  // Somebody else begins: her open console says so, and one tap ends it.
  const stranger = await begin();
  await expectShown(ana.page.getByText(/Somebody recovers your account/));
  await button(ana, 'It is not me: cancel it').click();
  await ana.page.getByText(/Somebody recovers your account/).waitFor({ state: 'hidden' });
  await stranger.leave();

  const back = await begin();
  const { page } = back;
  await expectShown(page.getByText('This demonstration waits 2 seconds.'));
  expect(await inspectPage(page)).toEqual([]);
  await page.getByLabel('Your recovery code').fill(code);
  await button(back, 'Give the code').click();
  await expectShown(page.getByText('Recovery code: accepted'));
  const spoken = await page.getByLabel(/^Matching code/).getAttribute('aria-label');
  for (const contact of contacts) await vouch(contact, (spoken ?? '').replaceAll(/\D/g, ''));

  await button(back, 'Make your new passkey').click();
  await expectShown(page.getByText('You are back. Your new passkey is the only one.'));
  // Where she was signed in, she is no longer.
  await expectShown(
    ana.page.getByText(/session has ended|Sign in|Continue with your passkey/i).first(),
  );
  await page.getByRole('link', { name: 'Sign in' }).click();
  await confirmSignIn(page);
  await page.getByRole('link', { name: 'My recovery' }).click();
  await expectShown(page.getByText('Your account was recovered.'));
  await expectShown(page.getByText('You have none.'));
});

/** A customer with a fresh passkey, on the page of what one lays by. */
async function newCustomer(index: number): Promise<Person> {
  const one = await enrolledCustomer(stage, stage.company.accountNumbers[index] ?? '');
  one.complaints.expect(/^401 GET \/api\/customer\/self$/);
  await one.page.getByRole('link', { name: 'Make your recovery code' }).click();
  await button(one, 'Sign in with passkey').click();
  await expectShown(one.page.getByRole('heading', { name: 'If you lose your passkey' }));
  return one;
}

/** Somebody whom the customer trusts opens the link that they were handed, and accepts. */
async function becomeContact(one: Person, friend: Person): Promise<void> {
  await button(one, 'Invite a contact').click();
  const link = (await one.page.locator('.link').textContent()) ?? '';
  await button(one, 'Done').click();
  await friend.page.goto(link);
  await button(friend, 'Accept with your passkey').click();
  await expectShown(friend.page.getByRole('heading', { name: /^You are a contact of / }));
  await button(friend, 'Back to your page').click();
}

/** A contact signs, on their own page, for whom they see. */
async function vouchForCustomer(friend: Person, matchingCode: string): Promise<void> {
  const { page } = friend;
  await button(friend, 'If you lose your passkey').click();
  await page.getByLabel('The code on their screen').fill(matchingCode);
  await button(friend, 'See whom it is for').click();
  await button(friend, 'It is them: sign with my passkey').click();
  await expectShown(page.getByText('You have signed.'));
}

it('a customer who lost every passkey comes back by a code and two contacts, and nobody can talk them out of it', async () => {
  const cara = await newCustomer(0);
  await button(cara, 'Make a code').click();
  await expectShown(cara.page.getByRole('heading', { name: 'Write this down now' }));
  const code = (await cara.page.getByText(/^(?:[0-9a-z]{5}-){4}[0-9a-z]{5}$/).textContent()) ?? '';
  expect(await inspectPage(cara.page)).toEqual([]);
  await button(cara, 'I have written it down').click();
  const friends = [await newCustomer(1), await newCustomer(2)];
  for (const friend of friends) await becomeContact(cara, friend);
  const countsFromMs = Date.now() + WAIT_SECONDS * 1000;
  await cara.page.reload();
  await button(cara, 'If you lose your passkey').click();
  expect(await inspectPage(cara.page)).toEqual([]);
  await button(cara, 'Back to your page').click();

  const back = await stage.person();
  const { page } = back;
  back.complaints.expect(/^410 GET \/api\/customer\/recovery\/state$/);
  await page.goto(`${stage.company.origins.customers}/recovery`);
  const account = page.getByLabel('Your account number');
  await account.fill(stage.company.accountNumbers[0] ?? '');
  // All of it can be read back, and not its last signs alone.
  expect(await account.evaluate((field) => field.scrollWidth - field.clientWidth)).toBe(0);
  // A contact counts once they have been one for as long as this demonstration waits.
  await expect.poll(() => Date.now(), { timeout: 20_000 }).toBeGreaterThan(countsFromMs);
  await button(back, 'Begin').click();
  await page.getByLabel('Your recovery code').fill(code);
  await button(back, 'Give the code').click();
  await expectShown(page.getByText('Recovery code: accepted'));
  await expectShown(cara.page.getByRole('heading', { name: 'Somebody recovers your account' }));
  const spoken = (await page.locator('.code .unseen').textContent()) ?? '';
  for (const friend of friends) await vouchForCustomer(friend, spoken.replaceAll(/\D/g, ''));

  await button(back, 'Make your new passkey').click();
  await expectShown(page.getByRole('heading', { name: 'You are back' }));
  cara.complaints.expect(/^401 GET \/api\/customer\//);
  await cara.page.reload();
  await expectShown(button(cara, 'Sign in with passkey'));
  back.complaints.expect(/^401 GET \/api\/customer\/self$/);
  await page.getByRole('link', { name: 'Sign in' }).click();
  // The field takes no text; what the browser lists in it signs in.
  const offered = page.getByLabel(OFFERED);
  await offered.pressSequentially('Cara');
  expect(await offered.inputValue()).toBe('');
  await offered.click();
  await expectShown(page.getByText(/^Your account was recovered/));
});
