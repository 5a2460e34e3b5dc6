import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { enrolCustomer, seatFounder } from '../../demo/story/cast.ts';
import { askForProof, panel, ring, type Stage as HttpStage } from '../../demo/story/stage.ts';
import { createTranscript } from '../../demo/story/transcript.ts';
import { verifyOffline } from '../../demo/story/verify-offline.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { founder } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

let stage: Stage;
let auditor: Person;
let ids: Readonly<Record<'call' | 'case' | 'proof' | 'decision' | 'account', string>>;

beforeAll(async () => {
  stage = await openStage({ witness: true });
  ids = await workOnCall();
  auditor = await founder(stage, stage.company.founders.auditor);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** A proved call with one read and one refused read, played over HTTP. */
async function workOnCall(): Promise<typeof ids> {
  const { company } = stage;
  const http: HttpStage = { company, transcript: createTranscript(() => undefined), verifyOffline };
  const agent = await seatFounder(company, 'Ana Ruiz');
  const [account = '', foreign = ''] = company.accountNumbers;
  const customer = await enrolCustomer(company, account);
  const call = await ring(http, agent);
  const ask = { interactionId: call, accountNumber: account };
  const { request, link } = await askForProof(http, agent, ask);
  await customer.confirm(link, request.matchingNumber);
  const { caseId = '', proof } = await panel(agent, call);
  const exchanged = await agent.console.exchange(caseId, ['account:read']);
  const grant = (exchanged.body as { access_token: string }).access_token; // RFC 8693 §2.2.1
  const read = (number: string) =>
    agent.console.gateway(grant, { method: 'GET', path: `/customers/${number}` });
  const permitted = await read(account);
  await read(foreign);
  await agent.console.api('POST', `/api/interactions/${call}/end`);
  return {
    call,
    case: caseId,
    proof: proof?.proofId ?? '',
    decision: permitted.headers.get('proofline-decision') ?? '',
    account,
  };
}

async function sayPurpose(): Promise<void> {
  const { page } = auditor;
  await page.getByLabel('Purpose').fill('Review of refunds');
  await page.getByRole('button', { name: 'Go on' }).click();
}

describe('the auditor', () => {
  it.each(['call', 'case', 'proof', 'decision', 'account'] as const)(
    'finds what happened by the id of the %s',
    async (what) => {
      const { page } = auditor;
      await page.getByRole('link', { name: 'Evidence' }).first().click();
      await page.getByLabel('Any id').fill(ids[what]);
      await page.getByRole('button', { name: 'Search' }).click();
      // Whoever looks for a person says first what for: once, and for all that follows.
      if (what === 'account') await sayPurpose();
      await page.waitForURL((url) => url.searchParams.get('id') === ids[what]);
      await expectShown(page.locator('tbody tr').first());
      expect(await page.getByText('No entry fits.').count()).toBe(0);
    },
  );

  it('reads what a service is, not a pseudonym', async () => {
    const { page } = auditor;
    await page.goto(`${stage.company.origins.staff}/audit?id=${ids.call}&kind=interaction.started`);
    const row = page.getByRole('row').filter({ hasText: 'A call rang' });
    await expectShown(row.getByText('Telephone system'));
    expect(await row.innerText()).not.toContain('psn_');
  });

  it('reads the chain of a result, and why it was decided so', async () => {
    const { page } = auditor;
    await page.goto(`${stage.company.origins.staff}/audit?id=${ids.decision}`);
    await page.getByRole('link', { name: /A permitted request was carried out/ }).click();
    // Loaded anew, the page knows of no purpose.
    await sayPurpose();
    await expectShown(page.getByRole('heading', { name: 'Causes and consequences' }));
    await expectShown(page.getByText('You read for: Review of refunds'));
    const words = await page.locator('main').innerText();
    for (const link of [
      'A customer proved who they are, for this call',
      'A grant for one case was issued',
      'An action was decided',
      'A subject signed in',
    ])
      expect(words).toContain(link);
    await page.getByRole('link', { name: 'An action was decided' }).first().click();
    await expectShown(page.getByRole('heading', { name: 'The decision' }));
    await expectShown(page.getByRole('heading', { name: 'Facts that it rested on' }));
    await expectShown(page.getByRole('heading', { name: 'Proof of inclusion' }));
  });

  it('exports the call as one file, which verifies on another machine', async () => {
    const { page } = auditor;
    await page.goto(`${stage.company.origins.staff}/audit?id=${ids.call}`);
    await page.getByRole('button', { name: 'Export' }).click();
    await page.getByLabel('What it is for').fill('Quarterly review of refunds');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export one file' }).click(),
    ]);
    await expectShown(page.getByText('is saved.'));
    const folder = mkdtempSync(join(tmpdir(), 'proofline-export-'));
    try {
      const file = join(folder, 'call.json');
      await download.saveAs(file);
      const bundle = readFileSync(file, 'utf8');
      const verified = await verifyOffline(bundle);
      expect(verified.output).toContain('verified');
      expect(verified.exitCode).toBe(0);
      expect((await verifyOffline(bundle.replace('proof.bound', 'proof.ended'))).exitCode).toBe(1);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('finds that the reading and the export are evidence themselves', async () => {
    const { page } = auditor;
    await page.goto(`${stage.company.origins.staff}/audit`);
    const entries = page.getByRole('table', { name: 'Evidence entries' });
    await expectShown(entries.getByText('Evidence was exported').first());
    await expectShown(entries.getByText('Evidence was read').first());
    // A list that somebody opened is not what happened on calls: it stands there when asked for.
    expect(await entries.getByText('evidence:search').count()).toBe(0);
    await page.getByLabel('Routine').selectOption('Shown');
    await page.waitForURL((url) => url.searchParams.get('routine') === 'shown');
    await expectShown(entries.getByText('evidence:search').first());
  });

  it('is told in words who else has signed the log', async () => {
    const { page } = auditor;
    await page.goto(`${stage.company.origins.staff}/audit`);
    const witnesses = page.getByRole('region', { name: 'Witnesses' });
    await expectShown(witnesses.getByText('As many witnesses as it takes have signed'));
    await expectShown(witnesses.getByText(/^has signed (every entry|all but the newest)/));
  });

  it('looks for what was permitted and nobody proved, and is told that there is nothing', async () => {
    const { page } = auditor;
    await page.getByLabel('Without a proof').selectOption({ index: 1 });
    await page.waitForURL((url) => url.searchParams.get('only') === 'orphans');
    await expectShown(
      page.getByText('Nothing was permitted without a proof of identity behind it.'),
    );
  });
});

describe('the security administrator', () => {
  it('looks at people and policies, and finds nothing to change but sessions', async () => {
    const { page } = await founder(stage, stage.company.founders.security);
    await expectShown(page.getByText('Nobody can add, replace or reset an authenticator'));
    await page.getByRole('link', { name: 'Ana Ruiz' }).click();
    await expectShown(page.getByRole('heading', { name: 'Authenticators' }));
    await page
      .getByRole('table', { name: 'Authenticators' })
      .getByText('Ana')
      .or(page.getByRole('table', { name: 'Authenticators' }).getByText('Bound to a device'))
      .first()
      .waitFor();
    const main = page.locator('main');
    const controls = await main.getByRole('button').allInnerTexts();
    expect(controls.filter((label) => !label.startsWith('End session'))).toEqual([]);
    expect(await main.locator('input, select, textarea, form').count()).toBe(0);

    await page.getByRole('link', { name: 'Policies' }).click();
    await expectShown(page.getByRole('heading', { name: 'Release in force' }));
    // Nothing was live before, and nothing is proposed: there is nothing to press.
    expect(await main.getByRole('button').count()).toBe(0);
    // The policies come after the release's own line.
    await expect.poll(() => main.getByRole('listitem').count()).toBeGreaterThan(20);
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
