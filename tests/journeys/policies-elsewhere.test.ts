import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { expectProved, touchPasskey } from './stage/policy-steps.ts';
import { askInBrowser, runGuide } from './stage/run-guide.ts';
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
  await second.page.getByRole('link', { name: 'Policies' }).click();
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

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
describe('policies that nobody types', { timeout: 240_000 }, () => {
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
      words: ['policy', 'promote', candidateId, '--digest', digest, '--on', '1'],
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
    expect(await program.ended).toMatch(/Release 2 is in force[^]*exit 0/);
    await page.goto(`${stage.company.origins.staff}/security/policies`);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 2'));
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
        words: ['policy', 'promote', candidateId, '--digest', digest, '--on', '2', ...dropping],
        environment: { PROOFLINE_STAFF_ORIGIN: stage.company.origins.staff },
      });
      await second.page.goto(await program.page);
      await second.page.getByRole('button', { name: 'Continue with your passkey' }).click();
      return program.ended;
    };
    expect(await promoting()).toMatch(/candidate\.drops-promises[^]*exit 2/);
    expect(await promoting('--dropping', '0,1')).toMatch(/Release 3 is in force[^]*exit 0/);
    await expectShown(sectionOf(page, 'Releases').getByText('Release 3'));
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
