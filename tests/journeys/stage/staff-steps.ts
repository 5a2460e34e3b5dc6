import type { FrameLocator, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectShown } from './expect-shown.ts';
import type { Person, PersonOptions, Stage } from './open-stage.ts';
import { OFFERED } from './customer-steps.ts';
import { sectionOf } from './section-of.ts';

/** The sign-in that the console shows in a frame of its own origin. */
export function signInFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Sign in with your passkey"]');
}

/** Opens an onboarding link and registers a passkey, up to where the page waits or is done. */
export async function registerPasskey({ page }: Pick<Person, 'page'>, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Open it on this device' }).click();
  await page.getByRole('button', { name: 'Make your passkey' }).click();
  await page.getByText(/Your account is active|^Show this code/).waitFor();
}

/** Goes from the end of onboarding into the console. */
export async function signIn({ page }: Pick<Person, 'page'>): Promise<void> {
  await page.getByRole('link', { name: 'Sign in' }).click();
  await confirmSignIn(page);
}

/** What every page of the console says of itself: that it is kept fresh, or when it was read. */
export const CONSOLE_SHOWS = /^(?:Up to date$|Read at )/;

/** Touches the passkey in the sign-in frame, and waits for the console behind it. */
export async function confirmSignIn(page: Page): Promise<void> {
  await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
  await page.getByText(CONSOLE_SHOWS).waitFor();
}

/** Picks a passkey of those that the browser lists in the field, and waits for the console behind it. */
export async function pickPasskey(page: Page): Promise<void> {
  await signInFrame(page).getByLabel(OFFERED).click();
  await page.getByText(CONSOLE_SHOWS).waitFor();
}

/** A founding colleague's first minutes in the browser: link, passkey, sign-in. */
export async function founder(
  stage: Stage,
  name: string,
  options?: PersonOptions,
): Promise<Person> {
  const link = stage.company.founderLinks.get(name);
  if (link === undefined) throw new Error(`${name} is not among the founding staff`);
  const person = await stage.person(options);
  await registerPasskey(person, link);
  await signIn(person);
  return person;
}

/** The telephone network lets it ring at somebody's desk; answers the call's id. */
export async function ringAt(stage: Stage, name: string): Promise<string> {
  const colleagues = await stage.company.server.composition.workforce.listColleagues();
  const agent = colleagues.find(({ displayName }) => displayName === name);
  if (agent === undefined) throw new Error(`nobody here is called ${name}`);
  const telephony = await stage.company.service('telephony');
  const externalId = crypto.randomUUID();
  const rung = await telephony.call('POST', '/api/interactions', {
    externalId,
    channel: 'call',
    agentId: agent.subjectId,
  });
  if (rung.status !== 201) throw new Error(`it does not ring: ${JSON.stringify(rung.body)}`);
  return (rung.body as { interactionId: string }).interactionId; // the contract's form
}

/** The telephone network hangs up. */
export async function hangUp(
  stage: Stage,
  interactionId: string,
  { complaints }: Pick<Person, 'complaints'>,
): Promise<void> {
  // What the agent's panel is still reading may find its grant gone, and none to be had.
  complaints.tolerate(/^401 GET \/customers\//);
  complaints.tolerate(/^400 POST \/oidc\/token$/);
  const telephony = await stage.company.service('telephony');
  await telephony.call('POST', `/api/interactions/${interactionId}/hang-up`);
}

/** The panel of a call, once it has opened by itself. */
export async function panelOf(page: Page, interactionId: string): Promise<void> {
  await page.waitForURL(`**/agent/calls/${interactionId}`);
  await page.getByRole('heading', { name: 'What this opens now' }).waitFor();
}

/** Asks for a proof by account number; answers the number to read out and the link in the message. */
export async function askForProof(
  stage: Stage,
  page: Page,
  accountNumber: string,
): Promise<{ readonly matchingNumber: string; readonly link: string }> {
  const before = stage.company.messages.length;
  await page.getByLabel('Account number that the caller says').fill(accountNumber);
  await page.getByRole('button', { name: 'Send a request to the contact on file' }).click();
  const spoken = await page.getByLabel(/^Matching number/).getAttribute('aria-label');
  const message = await stage.company.nextMessage(before);
  return {
    matchingNumber: (spoken ?? '').replaceAll(/\D/g, ''),
    link: message.link ?? '',
  };
}

/** Fills the refund form, for the invoice with the largest amount. */
export async function fillRefund(form: Locator, amount: string, reason: string): Promise<void> {
  const rows = sectionOf(form.page(), 'Invoices').locator('tbody tr');
  const invoices = (await rows.allInnerTexts()).map((text) => ({
    id: /INV-[\d-]+/.exec(text)?.[0] ?? '',
    amount: Number(/[\d.]+(?= EUR)/.exec(text)?.[0]),
  }));
  const [largest] = invoices.toSorted((a, b) => b.amount - a.amount);
  await form.getByLabel('Invoice').selectOption(largest?.id ?? '');
  await form.getByLabel('Amount in EUR').fill(amount);
  await form.getByLabel('Reason').selectOption({ label: reason });
}

/** Waits until the account of the proved customer stands on the panel, invoices included. */
export async function accountShown(page: Page): Promise<void> {
  await page.getByText('Proved with a passkey').waitFor();
  await sectionOf(page, 'Invoices').locator('tbody tr').first().waitFor();
}

/** The supervisor sees the exact content appear, and decides with two keys. */
export async function approveByKeyboard(
  supervisor: Person,
  agent: string,
  shown: readonly string[],
): Promise<void> {
  const { page } = supervisor;
  const item = page.getByRole('listitem').filter({ hasText: agent });
  await expectShown(item);
  const words = await item.innerText();
  for (const word of shown) expect(words).toContain(word);
  await page.keyboard.press('a');
  await expectShown(page.getByText('Approve because of'));
  await page.keyboard.press('2');
  await expectShown(page.getByText(`Approved. ${agent} can send it now.`));
}
