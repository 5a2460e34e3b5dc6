import type { Locator, Page } from 'playwright-core';

/** One section of a page, by its heading. */
export function sectionOf(page: Page, title: string): Locator {
  const heading = page.getByRole('heading', { name: title, exact: true });
  return page.locator('section').filter({ has: heading });
}
