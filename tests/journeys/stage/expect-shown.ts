import type { Locator } from 'playwright-core';

/** Fails unless it is on the screen within the time that a step may take. */
export async function expectShown(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'visible' });
}
