import type { Page } from 'playwright-core';
import { expectShown } from './expect-shown.ts';
import { sectionOf } from './section-of.ts';
import { signInFrame } from './staff-steps.ts';

/** The passkey that an act about policies asks for. */
export async function touchPasskey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Your passkey is needed' });
  await expectShown(dialog);
  await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Takes seconds of another thread: longer than a step may take on a busy machine. */
export async function expectProved(page: Page, note: string): Promise<void> {
  const candidate = sectionOf(page, 'Candidates').getByRole('listitem').filter({ hasText: note });
  await candidate
    .getByText('invariants hold for every request')
    .waitFor({ state: 'visible', timeout: 60_000 });
}
