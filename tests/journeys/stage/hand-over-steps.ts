import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { expectShown } from './expect-shown.ts';
import type { Person } from './open-stage.ts';
import { confirmSignIn, pickPasskey } from './staff-steps.ts';

/**
 * The first person locks and leaves, with their work open in two tabs; the second signs in at the same desk
 * and looks for these words wherever they can. Then the first one comes back.
 */
export async function handOver(
  desk: Person,
  next: Person,
  words: readonly string[],
): Promise<void> {
  const { page, complaints } = desk;
  const { href, origin } = new URL(page.url());
  const other = await desk.openTab();
  await other.goto(href);
  await expectShown(other.getByText(words[0] ?? '').first());
  const leave = await sitDownAt(desk, next);
  await expectShown(other.getByText('Your session was ended.'));
  await expectNothingOf([page, other], words);
  // That nothing is in the browser’s cache either is asked there, and a used invitation on the first page.
  complaints.tolerate(/^net::ERR_CACHE_MISS /);
  // What was on its way when the session was locked.
  complaints.tolerate(/^401 GET \//);
  complaints.tolerate(/^410 GET \/api\/onboarding\/state$/);
  expect(await goAllTheWayBack(page, () => expectNothingOf([page], words))).toBeGreaterThan(1);
  await other.close();
  await page.goto(origin);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await leave();
  await page.getByRole('button', { name: 'Sign in with your passkey' }).click();
  await pickPasskey(page);
  await page.goto(href);
}

/** The second person sits down at the first one’s locked desk, with a key of their own, and signs in. */
async function sitDownAt(desk: Person, next: Person): Promise<() => Promise<void>> {
  const { page, passkeys } = desk;
  await page.keyboard.press('Control+Shift+L');
  const key = await passkeys.plugInKey(next.passkeys);
  await passkeys.setTouched(false);
  await page.getByRole('button', { name: 'Sign in as somebody else' }).click();
  await confirmSignIn(page);
  return async () => {
    await key.unplug();
    await passkeys.setTouched(true);
  };
}

/** Everything that a page holds for whoever sits at it: what it shows, keeps, and could read again. */
async function everythingIn(page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => name);
    const typed = [...document.querySelectorAll('input, textarea, select')].map((field) =>
      'value' in field ? field.value : '',
    );
    const stored = { ...localStorage, ...sessionStorage };
    const answers = await Promise.all(
      performance
        .getEntriesByType('resource')
        .map(({ name }) => name)
        .filter((name) => name.startsWith(`${location.origin}/api/`))
        .map((name) =>
          fetch(name, { cache: 'only-if-cached', mode: 'same-origin' }).then(
            (answer) => answer.text(),
            () => '',
          ),
        ),
    );
    const cached = [...(await caches.keys()), ...answers];
    const state: unknown = history.state;
    return JSON.stringify({ databases, typed, stored, cached, state });
  });
  return `${page.url()} ${await page.title()} ${await page.content()} ${kept}`;
}

/** Fails where one of these tabs tells anything of somebody who has left, now or by its Back button. */
async function expectNothingOf(tabs: readonly Page[], words: readonly string[]): Promise<void> {
  for (const tab of tabs) {
    const seen = await everythingIn(tab);
    for (const word of words) expect(seen).not.toContain(word);
  }
}

/** Goes back through everything that a tab remembers; answers every page on the way once it stands still. */
async function goAllTheWayBack(page: Page, look: () => Promise<void>): Promise<number> {
  let steps = 0;
  for (; steps < 12; steps += 1) {
    const before = page.url();
    await page.goBack({ waitUntil: 'load' }).catch(() => null);
    if (page.url() === before || page.url() === 'about:blank') break;
    await expectShown(page.locator('main'));
    await look();
  }
  return steps;
}
