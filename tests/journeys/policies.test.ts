import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { askInBrowser, runGuide } from './stage/run-guide.ts';
import { sectionOf } from './stage/section-of.ts';
import { founder, signInFrame } from './stage/staff-steps.ts';
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

async function touchPasskey(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog', { name: 'Your passkey is needed' });
  await expectShown(dialog);
  await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Takes seconds of another thread: longer than a step may take on a busy machine. */
async function expectProved(page: Page, note: string): Promise<void> {
  const candidate = sectionOf(page, 'Candidates').getByRole('listitem').filter({ hasText: note });
  await candidate
    .getByText('invariants hold for every request')
    .waitFor({ state: 'visible', timeout: 60_000 });
}

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

async function vouchInBrowser(note: string): Promise<void> {
  const { page } = author;
  await page.goto(`${stage.company.origins.staff}/security/policies`);
  const candidate = sectionOf(page, 'Candidates').getByRole('listitem').filter({ hasText: note });
  author.complaints.expect(/^401 POST \/api\/policies\/candidates\/\w+\/vouching$/);
  await stage.company.letProofsAge(61);
  await candidate.getByRole('button', { name: 'Vouch for it' }).click();
  await touchPasskey(page);
  await expectShown(candidate.getByText('You answer for it'));
}

// Programs are started again and again here, and the solver works beside them.
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

  it('come from a pipeline as its guide says, and are made live by a person, from the command line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
    cpSync(join(ROOT, 'policies'), join(folder, 'policies'), { recursive: true });
    const file = join(folder, 'policies/context/session.cedar');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('Sign in again.', 'Sign in anew.'));
    const { id, key } = stage.company.secrets.services.pipeline;
    writeFileSync(join(folder, 'key.json'), JSON.stringify(key), { mode: 0o600 });
    const built = await runGuide({
      folder,
      environment: {
        PROOFLINE_STAFF_ORIGIN: stage.company.origins.staff,
        PROOFLINE_PIPELINE_ID: id,
        PROOFLINE_PIPELINE_KEY_FILE: 'key.json',
        COMMIT: 'Merged by the build',
      },
    });
    rmSync(folder, { recursive: true });
    expect(built).toEqual({
      code: 0,
      output: expect.stringMatching(
        /One person can vouch for it, and another make it live\.[^]*decisions of the last 24 hours[^]*Shadow {6}until/,
      ),
    });
    const { page } = second;
    const candidate = sectionOf(page, 'Candidates')
      .getByRole('listitem')
      .filter({ hasText: 'Merged by the build' });
    await expectShown(candidate.getByText('Policy pipeline'));
    // One person alone cannot: the pipeline is nobody’s pair of eyes.
    await expectShown(candidate.getByText('no person answers for it'));
    await vouchInBrowser('Merged by the build');
    await expectShown(candidate.getByText('Ravi Menon answers for it'));
    await stage.company.letProofsAge(61);
    const [, candidateId = ''] = /Candidate +(pcd_\w+)/.exec(built.output) ?? [];
    const [, digest = ''] = /Digest +(\S+)/.exec(built.output) ?? [];
    const program = askInBrowser({
      words: ['policy', 'promote', candidateId, '--digest', digest, '--on', '3'],
      environment: { PROOFLINE_STAFF_ORIGIN: stage.company.origins.staff },
    });
    await page.goto(await program.page);
    await expectShown(
      page.getByText(
        `make a candidate live for everybody, in your name: “Merged by the build”, ${candidateId}, digest ${digest.slice(0, 12)}…`,
      ),
    );
    await page.getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(page.getByText('The command line has your answer.', { exact: false }));
    expect(await program.ended).toMatch(/Release 4 is in force[^]*exit 0/);
    await page.goto(`${stage.company.origins.staff}/security/policies`);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 4'));
  });

  it('lose what a role never used, as a candidate like any other', async () => {
    const { page } = second;
    await page.goto(`${stage.company.origins.staff}/security/unused`);
    await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Billing agent' });
    await saysWhatWasLookedAt(page);
    await sectionOf(page, 'Billing agent').getByLabel('write off a debt').check();
    await page.getByLabel('What it is for').fill('Nobody wrote one off.');
    await page.getByRole('button', { name: 'Propose' }).click();
    const candidate = sectionOf(page, 'Candidates')
      .getByRole('listitem')
      .filter({ hasText: 'Nobody wrote one off.' });
    await expectShown(candidate.getByText('Nobody wrote one off.'));
    await expectShown(candidate.getByText(/^Drops \d+ named cases? of the release in force/));
    expect(await candidate.getByText('Cases that come out otherwise').count()).toBe(0);
    // Whoever proposed it cannot make it live.
    const live = candidate.getByRole('button', { name: 'Make live' });
    await expectShown(live);
    expect(await live.getAttribute('aria-disabled')).toBe('true');
  });

  it('drop an invariant alone and aloud: unsaid it stays, and the command line asks for the count', async () => {
    const { page } = author;
    await page.goto(`${stage.company.origins.staff}/security/policies`);
    await page.getByRole('button', { name: 'Change policies, schema or cases' }).click();
    await page.getByLabel('Open or add a file').fill('invariants/what-is-closed-stays-closed.json');
    await page.getByRole('button', { name: 'Open', exact: true }).click();
    await page.getByRole('button', { name: 'Remove this file' }).click();
    await expectShown(page.getByText('This file goes with the proposal.'));
    await page.getByLabel('What it is for').fill('One promise less');
    await page.getByRole('button', { name: 'Propose' }).click();
    const candidate = sectionOf(page, 'Candidates')
      .getByRole('listitem')
      .filter({ hasText: 'One promise less' });
    await expectShown(candidate.getByText('Drops 1 invariant of the release in force'));
    await expectShown(candidate.getByText('decide an approval that is not open', { exact: false }));
    await expectProved(page, 'One promise less');
    const words = await candidate.first().innerText();
    const [digest = ''] = /^[\w-]{43}$/m.exec(words) ?? [];
    const link = await candidate
      .getByRole('link', { name: 'One promise less' })
      .getAttribute('href');
    const [candidateId = ''] = /pcd_\w+/.exec(link ?? '') ?? [];
    const promoting = async (...dropping: string[]) => {
      const program = askInBrowser({
        words: ['policy', 'promote', candidateId, '--digest', digest, '--on', '4', ...dropping],
        environment: { PROOFLINE_STAFF_ORIGIN: stage.company.origins.staff },
      });
      await second.page.goto(await program.page);
      await second.page.getByRole('button', { name: 'Continue with your passkey' }).click();
      return program.ended;
    };
    expect(await promoting()).toMatch(/candidate\.drops-promises[^]*exit 2/);
    expect(await promoting('--dropping', '0,1')).toMatch(/Release 5 is in force[^]*exit 0/);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 5'));
  });

  it('leave nothing red in anybody’s console', () => {
    expect(stage.complaints()).toEqual([]);
  });
});

/** Another span is chosen: everything says it, as if so much were recorded. */
async function saysWhatWasLookedAt(page: Page): Promise<void> {
  const asked = /\/api\/policies\/unused\?/;
  const span = page.getByLabel('Not used for');
  const answered = page.waitForResponse(/\/api\/policies\/unused\?days=90/);
  await span.selectOption({ label: 'ninety days' });
  const found: unknown = await (await answered).json();
  await page.route(asked, async (route) => {
    const days = Number(new URL(route.request().url()).searchParams.get('days'));
    const from = new Date(Date.now() - days * 86_400_000).toISOString();
    await route.fulfill({ json: { ...Object(found), from } });
  });
  const note = page.getByLabel('What it is for');
  await span.selectOption({ label: 'a week' });
  await expect.poll(() => note.inputValue()).toBe('Rights that nobody used for 7 days');
  expect(await page.locator('main').innerText()).not.toMatch(/\b(?:30|90) days/);
  await page.unroute(asked);
}
