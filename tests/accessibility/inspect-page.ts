import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type AxeCore from 'axe-core';
import type { Page } from 'playwright-core';

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** The narrowest that WCAG 2.2 (1.4.10) asks for, and a usual phone. */
const NARROW_PX = [320, 390];
/** What browsers come with. */
const TEXT_PX = 16;
const WIDE = { width: 1280, height: 900 };

/** What another colour scheme can change: colours. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/**
 * Everything that is wrong with the screen as it stands: all of axe's rules, in dark those of colour
 * again, sideways scrolling on narrow windows, and with text at 200 %. Empty when nothing is.
 */
export async function inspectPage(page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  await page.setViewportSize(WIDE);
  // Through the developer tools: the page's own policy lets nobody add a script.
  await Promise.all(page.frames().map((frame) => frame.evaluate(axeSource)));
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await violations(page, OF_COLOUR)).map((text) => `dark: ${text}`));
  await page.emulateMedia({ colorScheme: 'light' });
  found.push(...(await violations(page)).map((text) => `light: ${text}`));
  for (const width of NARROW_PX) {
    await page.setViewportSize({ width, height: 800 });
    found.push(...(await sideways(page)).map((text) => `${width} px: ${text}`));
  }
  await page.setViewportSize(WIDE);
  await setTextSize(page, 2 * TEXT_PX);
  found.push(...(await sideways(page)).map((text) => `200 % text: ${text}`));
  await setTextSize(page, TEXT_PX);
  return found;
}

/** What axe finds, frames included, by all its rules or by some: rule, place, and what to do. */
async function violations(page: Page, some?: readonly string[]): Promise<string[]> {
  const results = await page.evaluate(async (rules) => {
    // The script of `inspectPage` has put it there.
    const { axe } = window as unknown as { axe: typeof AxeCore };
    const { violations: broken, passes } = await axe.run(document, {
      resultTypes: ['violations'],
      ...(rules && { runOnly: [...rules] }),
    });
    return { passed: passes.length, broken };
  }, some);
  if (results.passed === 0) return ['axe looked at nothing'];
  return results.broken.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id} at ${target.join(' ')}: ${help}`),
  );
}

/** What sticks out to the right, when the page scrolls sideways. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const widest = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > clientWidth + 0.5)
      .map((element) => `${element.tagName.toLowerCase()} “${element.textContent.slice(0, 30)}”`);
    return [`scrolls sideways (${scrollWidth} px): ${widest.slice(-3).join(', ')}`];
  });
}

/**
 * As the browser's own setting does it, which media queries follow as well. The session stays: to
 * detach one takes the page's virtual authenticator away.
 */
async function setTextSize(page: Page, standard: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Page.setFontSizes', { fontSizes: { standard, fixed: standard } });
}
