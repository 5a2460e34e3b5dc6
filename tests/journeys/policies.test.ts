import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { expectProved, touchPasskey } from './stage/policy-steps.ts';
import { sectionOf } from './stage/section-of.ts';
import { founder } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let stage: Stage;
let author: Person;
let second: Person;

beforeAll(async () => {
  stage = await openStage();
  author = await founder(stage, 'Ravi Menon');
  second = await founder(stage, 'Hana Sato');
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** A file beside the one that is open; first as somebody types it, then whole. */
async function addCase(page: Page, name: string): Promise<void> {
  const path = `cases/${name}.json`;
  await page.getByLabel('Open or add a file').fill(path);
  await page.getByRole('button', { name: 'Add this file' }).click();
  const text = page.getByLabel('Named case, as JSON');
  await text.fill('{\n  "name": }\n');
  await page.getByRole('button', { name: 'Check' }).click();
  await expectShown(page.getByRole('link', { name: `${path}:2:11` }));
  const like = readFileSync(join(ROOT, 'policies/cases/ended-session-does-nothing.json'), 'utf8');
  await text.fill(like.replace('ended-session-does-nothing', name));
  await expectShown(page.getByRole('heading', { name: 'Changed files: 2' }));
}

/** Leaving asks, and what was typed is there again. */
async function leaveAndComeBack(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Staff', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Your draft is not proposed' });
  await dialog.getByRole('button', { name: 'Stay here' }).click();
  await page.getByRole('link', { name: 'Staff', exact: true }).click();
  await dialog.getByRole('button', { name: 'Go, and keep the draft' }).click();
  await expectShown(page.getByRole('heading', { name: 'Staff', exact: true }));
  await page.goBack();
  await expectShown(page.getByRole('heading', { name: 'Changed files: 2' }));
}

// The solver works beside them.
describe('policies', { timeout: 240_000 }, () => {
  it('are proposed by one person, who is told why they cannot make them live', async () => {
    const { page } = author;
    await page.getByRole('link', { name: 'Policies' }).click();
    await expectShown(sectionOf(page, 'Invariants').getByText('No refund above 100.00'));
    await page.getByRole('link', { name: 'context.session-live' }).click();
    await page.getByRole('link', { name: 'Change context/session.cedar' }).click();
    const text = page.getByLabel('Cedar', { exact: true });
    const before = await text.inputValue();
    author.complaints.expect(/^422 POST \/api\/policies\/candidates$/);
    await text.fill(before.replace('forbid (', 'forbid ['));
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.getByRole('link', { name: /^context\/session\.cedar:\d+:\d+$/ }).click();
    // The cursor stands where the fault is.
    await expectShown(page.getByText(/^Line [2-9]\d*, column \d+$/));
    await text.fill(before.replace('Sign in again.', 'Please sign in again.'));
    await page.getByLabel('What it is for').fill('Kinder words');
    await addCase(page, 'ended-session-is-told-kindly');
    await page.goBack();
    expect(await text.inputValue()).toContain('Please sign in again.');
    await leaveAndComeBack(page);
    expect(await text.inputValue()).toContain('Please sign in again.');
    await page.getByRole('button', { name: 'Check' }).click();
    await expectShown(page.getByText(/^It can be proposed: all \d+ named cases/));
    await page.getByRole('button', { name: 'Propose' }).click();
    await expectShown(sectionOf(page, 'Candidates').getByText('Kinder words'));
    await expectShown(sectionOf(page, 'Candidates').getByText('You proposed this.'));
    // The proof is made beside; the page asks until it is there.
    await expectProved(page, 'Kinder words');
  });

  it('are tried out on recorded decisions, and made live by somebody else who saw the difference', async () => {
    const { page } = second;
    await page.getByRole('link', { name: 'Policies' }).click();
    await page.getByRole('button', { name: 'Replay the last day' }).click();
    await expectShown(page.getByText(/^Finished: \d+ of \d+ decisions/));
    await expectShown(page.getByText('Nobody gets another answer.'));
    await page.getByRole('link', { name: 'Kinder words' }).click();
    await expectShown(page.getByLabel('context.session-live, proposed'));
    await expectShown(page.getByText('New case ended-session-is-told-kindly'));
    second.complaints.expect(/^401 POST \/api\/policies\/candidates\/\w+\/promotion$/);
    await stage.company.letProofsAge(61);
    await page.getByRole('button', { name: 'Make live' }).click();
    await touchPasskey(page);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 2'));
    await expectShown(sectionOf(page, 'Candidates').getByText('promoted'));
    // What was opened as a candidate is what is in force now.
    await expect.poll(() => page.getByText('These are not the policies in force.').count()).toBe(0);
    // The other one, who touched nothing, reads the same.
    await expectShown(sectionOf(author.page, 'Releases').getByText('Release 2'));
    await expectShown(sectionOf(author.page, 'Candidates').getByText('promoted'));
  });

  it('are in force for one desk first, which says what differs, and end in one act', async () => {
    const { page } = author;
    await page.getByRole('link', { name: 'Policies', exact: true }).click();
    await page.getByRole('link', { name: 'context.session-live' }).click();
    // What the other has made live is what one goes on from.
    await expectShown(page.getByText('Please sign in again.', { exact: false }).first());
    await page.getByRole('link', { name: 'Change context/session.cedar' }).click();
    const text = page.getByLabel('Cedar', { exact: true });
    expect(await text.inputValue()).toContain('Please sign in');
    await text.fill((await text.inputValue()).replace('Please sign in', 'Kindly sign in'));
    await page.getByLabel('What it is for').fill('Kinder still');
    await page.getByRole('button', { name: 'Propose' }).click();
    // Until it is proposed there is nothing for the other to see.
    await expectShown(sectionOf(page, 'Candidates').getByText('Kinder still'));
    const other = second.page;
    await expectProved(other, 'Kinder still');
    second.complaints.expect(/^401 POST \/api\/policies\/candidates\/\w+\/stage$/);
    await stage.company.letProofsAge(61);
    await sectionOf(other, 'Candidates').getByRole('button', { name: 'For some' }).click();
    const dialog = other.getByRole('dialog', { name: 'Put it in force for some' });
    await dialog.getByLabel('Percent of their people').fill('100');
    await dialog.getByRole('button', { name: 'Put in force for these' }).click();
    await touchPasskey(other);
    const running = sectionOf(other, 'In force for some');
    await expectShown(running.getByText('everybody at all desks', { exact: false }));
    second.complaints.expect(/^401 POST \/api\/policies\/stages\/\w+\/end$/);
    await stage.company.letProofsAge(61);
    await running.getByRole('button', { name: 'End it for everybody' }).click();
    await other.getByLabel('Reason').fill('Seen enough.');
    await other.getByRole('button', { name: 'End it', exact: true }).click();
    await touchPasskey(other);
    await running.waitFor({ state: 'detached' });
  });

  it('go back in one act, with a reason', async () => {
    const { page } = second;
    await page.getByRole('button', { name: 'Go back to 1' }).click();
    await page.getByLabel('Reason').fill('The old words were fine.');
    second.complaints.expect(/^401 POST \/api\/policies\/rollback$/);
    await stage.company.letProofsAge(61);
    await page.getByRole('button', { name: 'Go back', exact: true }).click();
    await touchPasskey(page);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 3'));
  });

  it('leave nothing red in anybody’s console', () => {
    expect(stage.complaints()).toEqual([]);
  });
});
