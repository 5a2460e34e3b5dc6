import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectShown } from './expect-shown.ts';
import type { Person } from './open-stage.ts';
import { CONSOLE_SHOWS } from './staff-steps.ts';

interface Locking {
  /** What stands open in another tab. */
  readonly url: string;
  readonly name: string;
  /** What is to be read while nothing is locked, and not otherwise. */
  readonly hidden: readonly string[];
}

/** Locks by keyboard, looks at both tabs, and unlocks by keyboard: both are open again. */
export async function lockAndUnlock(person: Person, given: Locking): Promise<void> {
  const { page } = person;
  const { url, name, hidden } = given;
  const other = await person.openTab();
  await other.goto(url);
  await expectShown(other.getByText(CONSOLE_SHOWS));
  await page.keyboard.press('Control+Shift+L');
  for (const tab of [page, other]) {
    await expectShown(lockOf(tab, name));
    await expectNothingLeft(tab, hidden);
  }
  await unlockByKeyboard(person, name);
  await expectShown(other.getByText(CONSOLE_SHOWS));
  await other.close();
}

/** The lock screen of somebody, by the name that a screen reader says. */
const lockOf = (page: Page, name: string) =>
  page.getByRole('alertdialog', { name: `Locked: ${name} is signed in` });

/** Fails where anything of the work is still to be read in a locked tab. */
async function expectNothingLeft(page: Page, words: readonly string[]): Promise<void> {
  const left = `${await page.content()} ${await page.title()}`;
  for (const word of words) expect(left).not.toContain(word);
}

/** By keyboard alone: neither Escape nor a prompt that came to nothing opens it; one touch does. */
async function unlockByKeyboard({ page, passkeys }: Person, name: string): Promise<void> {
  const locked = lockOf(page, name);
  const unlock = locked.getByRole('button', { name: 'Unlock with your passkey' });
  await page.keyboard.press('Escape');
  expect(await unlock.evaluate((button) => button === document.activeElement)).toBe(true);
  await passkeys.setWilling(false);
  await page.keyboard.press('Enter');
  await expectShown(locked.getByText('Still locked:', { exact: false }));
  await passkeys.setWilling(true);
  await unlock.focus();
  await page.keyboard.press('Enter');
  await locked.waitFor({ state: 'detached' });
}
