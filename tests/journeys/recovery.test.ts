import { afterAll, beforeAll, expect, it } from 'vitest';
import { inspectPage } from '../accessibility/inspect-page.ts';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { confirmSignIn, founder, registerPasskey } from './stage/staff-steps.ts';
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
