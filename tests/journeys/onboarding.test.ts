import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectPage } from '../accessibility/inspect-page.ts';
import { openTerminal } from '../attacks/asking-application.ts';
import { expectShown } from './stage/expect-shown.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { founder, registerPasskey, signIn } from './stage/staff-steps.ts';

let stage: Stage;
let hr: Person;
let lead: Person;

beforeAll(async () => {
  stage = await openStage();
  hr = await founder(stage, stage.company.founders.hr);
  lead = await founder(stage, stage.company.founders.lead);
});
afterAll(async () => stage?.close());

/** HR makes the link, on the people page. */
async function invite(name: string, employeeNumber: string): Promise<string> {
  const { page } = hr;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByLabel('Desk', { exact: true }).fill(stage.company.outsourcedDesk);
  await page.getByLabel('Employee number').fill(employeeNumber);
  await page.getByRole('button', { name: 'Make the link' }).click();
  await expectShown(page.getByText(`The link for ${name} is shown this once.`));
  const link = await page.getByText(/\/onboarding#/).textContent();
  await page.getByRole('button', { name: 'I have handed it over' }).click();
  return link ?? '';
}

/** The team lead types the code from the screen beside them. */
async function confirmAs(role: string, name: string, newcomer: Person): Promise<void> {
  const shown = await newcomer.page.getByLabel(/^Confirmation code/).getAttribute('aria-label');
  await lead.page.getByRole('link', { name: 'New colleagues' }).click();
  const row = lead.page.getByRole('row', { name: new RegExp(`${name}.*Waits for confirmation`) });
  await expectShown(row);
  await lead.page.getByLabel('Code on their screen').fill((shown ?? '').replaceAll(/\D/g, ''));
  await lead.page.getByLabel('Their role').selectOption({ label: role });
  await lead.page.getByRole('button', { name: 'Confirm' }).click();
}

describe('a new colleague', () => {
  it.each([
    { kind: 'device-bound', name: 'Nora Vance', number: 'NV-2041' },
    { kind: 'synced', name: 'Iris Bell', number: 'IB-2042' },
  ] as const)('comes in by three people, with a $kind passkey', async ({ kind, name, number }) => {
    const link = await invite(name, number);
    const newcomer = await stage.person({ passkey: kind });
    const { page } = newcomer;
    await registerPasskey(newcomer, link);
    expect(await newcomer.passkeys.countPasskeys('staff.localhost')).toBe(1);
    expect(page.url()).not.toContain('#');

    await confirmAs('Billing agent', name, newcomer);
    await expectShown(lead.page.getByText(`${name} is confirmed as billing agent.`));

    // The newcomer's own page goes on by itself.
    await signIn(newcomer);
    await page.waitForURL('**/agent');
    expect(await page.getByText(`Billing agent · ${stage.company.outsourcedDesk}`).count()).toBe(1);
    await expectShown(hr.page.getByRole('row', { name: new RegExp(`${name}.*Confirmed`) }));
  });

  it('finds a used link dead, on whatever device', async () => {
    const link = stage.company.founderLinks.get(stage.company.founders.hr) ?? '';
    const stranger = await stage.person();
    stranger.complaints.expect(/^410 POST \/api\/onboarding\/open$/);
    await stranger.page.goto(link);
    await stranger.page.getByRole('button', { name: 'Open it on this device' }).click();
    await expectShown(stranger.page.getByRole('alert'));
    expect(await stranger.passkeys.countPasskeys('staff.localhost')).toBe(0);
  });

  it('who presses twice has one passkey, and it signs them in', async () => {
    const name = stage.company.founders.supervisor;
    const twice = await stage.person();
    const { page } = twice;
    await page.goto(stage.company.founderLinks.get(name) ?? '');
    await page.getByRole('button', { name: 'Open it on this device' }).dblclick();
    await page.getByRole('button', { name: 'Make your passkey' }).dblclick();
    await expectShown(page.getByText('Your account is active.'));
    expect(await page.getByText('Be confirmed by your team lead').count()).toBe(0);
    expect(await twice.passkeys.countPasskeys('staff.localhost')).toBe(1);
    await signIn(twice);
  });

  it('invited by a double press has one invitation, and one link', async () => {
    const { page } = hr;
    await page.getByLabel('Name', { exact: true }).fill('Dora Double');
    await page.getByLabel('Desk', { exact: true }).fill(stage.company.outsourcedDesk);
    await page.getByLabel('Employee number').fill('DD-2044');
    await page.getByRole('button', { name: 'Make the link' }).dblclick();
    await expectShown(page.getByText('The link for Dora Double is shown this once.'));
    await expectShown(page.getByRole('row', { name: /Dora Double/ }));
    expect(await page.getByRole('row', { name: /Dora Double/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'I have handed it over' }).click();
  });

  it('is invited to a desk where nobody works only when that is said twice', async () => {
    const { page } = hr;
    hr.complaints.expect(/^409 POST \/api\/onboarding\/invitations$/);
    await page.getByLabel('Name', { exact: true }).fill('Tess Typo');
    await page.getByLabel('Desk', { exact: true }).fill('Harbor');
    await page.getByLabel('Employee number').fill('TT-2045');
    await page.getByRole('button', { name: 'Make the link' }).click();
    await expectShown(page.getByText('A new desk: Harbor'));
    expect(await page.getByRole('row', { name: /Tess Typo/ }).count()).toBe(0);
    // The second press is about this desk, and about no other that was typed meanwhile.
    await page.getByLabel('Desk', { exact: true }).fill('Harbour');
    expect(await page.getByText('A new desk: Harbor').count()).toBe(0);
    await page.getByRole('button', { name: 'Make the link' }).click();
    await expectShown(page.getByText('A new desk: Harbour'));
    await page.getByRole('button', { name: 'Make the link' }).click();
    await expectShown(page.getByText('The link for Tess Typo is shown this once.'));
    await expectShown(page.getByRole('row', { name: /Tess Typo.*Harbour/ }));
    await page.getByRole('button', { name: 'I have handed it over' }).click();
  });

  it('stands in a table that says when it is wider than the screen, and only then', async () => {
    const { page } = hr;
    const says = page.getByText('The table is wider than its place: scroll it sideways.');
    const table = page.getByRole('group', { name: 'Invitations' });
    const isCut = () => table.evaluate((frame) => frame.scrollWidth > frame.clientWidth);
    for (const width of [640, 1900, 400]) {
      await page.setViewportSize({ width, height: 900 });
      await expect.poll(isCut).toBe(width < 1000);
      await expect.poll(() => says.count()).toBe(width < 1000 ? 1 : 0);
    }
    // What is cut is reached by keyboard too.
    await table.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => table.evaluate((frame) => frame.scrollLeft)).toBeGreaterThan(0);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is not let in before the team lead has confirmed', async () => {
    const link = await invite('Otto Brand', 'OB-2043');
    const newcomer = await stage.person();
    await registerPasskey(newcomer, link);
    newcomer.complaints.expect(/^4\d\d POST \/api\/sign-in\/.+\/assertion$/);
    await newcomer.page.goto(stage.company.origins.staff);
    await newcomer.page
      .frameLocator('iframe')
      .getByRole('button', { name: 'Continue with your passkey' })
      .click();
    const frame = newcomer.page.frameLocator('iframe');
    await expectShown(frame.getByRole('alert'));
    // Nothing is cut off below an error: the frame is as high as what it shows.
    const isWhole = () =>
      frame
        .locator('main')
        .evaluate((main) => main.getBoundingClientRect().height <= window.innerHeight);
    await expect.poll(isWhole, { timeout: 10_000 }).toBe(true);
    await frame.getByRole('button', { name: 'Try again' }).click();
    await expectShown(frame.getByText(/^This passkey is not known here\./));
    expect(await newcomer.page.getByRole('navigation').count()).toBe(0);
  });

  it('is confirmed by nobody who guesses a code', async () => {
    lead.complaints.expect(/^4\d\d POST \/api\/onboarding\/confirmations$/);
    await lead.page.getByRole('link', { name: 'New colleagues' }).click();
    await lead.page.getByLabel('Code on their screen').fill('000000');
    await lead.page.getByLabel('Their role').selectOption({ label: 'Billing agent' });
    await lead.page.getByRole('button', { name: 'Confirm' }).click();
    await expectShown(lead.page.getByRole('alert'));
  });
});

describe('somebody’s own passkeys', () => {
  const name = 'Ana Ruiz';
  const told = () =>
    stage.company.messages.filter(({ owner }) => owner === name).map(({ text }) => text);

  it('are two after a proof by the first, told to every channel, and one again after a removal', async () => {
    const ana = await founder(stage, name);
    const { page, passkeys } = ana;
    await page.getByRole('link', { name: 'My passkeys' }).click();
    await expectShown(page.getByText('You have one passkey.'));
    await expectShown(page.getByText('This is your only passkey.'));

    // Whoever leaves the prompt has changed nothing, and may try again.
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByLabel('What you will call it').fill('Key on my ring');
    await passkeys.setWilling(false);
    await page.getByRole('button', { name: 'Confirm with a passkey that you have' }).click();
    await expectShown(page.getByText('You did not confirm, so nothing was sent.'));
    await passkeys.setWilling(true);
    await page.getByRole('button', { name: 'Confirm with a passkey that you have' }).click();
    await expectShown(page.getByText('Confirmed. Now the new one.'));

    // The same device a second time is none.
    await page.getByRole('button', { name: 'Make the new passkey' }).click();
    await expectShown(page.getByText('This passkey is registered already.'));
    await page.getByRole('button', { name: 'Start again' }).click();
    await page.getByRole('button', { name: 'Confirm with a passkey that you have' }).click();
    await expectShown(page.getByText('Confirmed. Now the new one.'));
    const key = await passkeys.plugInKey();
    await passkeys.setTouched(false);
    await page.getByRole('button', { name: 'Make the new passkey' }).click();
    await expectShown(page.getByRole('heading', { name: /^Key on my ring/ }));
    await passkeys.setTouched(true);
    await expectShown(page.getByText('“Key on my ring” was added.'));
    await expect.poll(() => told().length).toBe(2);
    expect(told()[0]).toMatch(/A passkey was added to your account\./);

    // Whoever touches the one that goes is asked for another.
    await key.setTouched(false);
    await page.getByRole('button', { name: 'Remove Key on my ring' }).click();
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expectShown(page.getByText('“Key on my ring” was removed.'));
    await expect.poll(() => told().length).toBe(4);
    // The key itself is told (WebAuthn Level 3 §5.1.10.2) and offers it no more.
    await expect.poll(() => key.countPasskeys('staff.localhost')).toBe(0);
    expect(await passkeys.countPasskeys('staff.localhost')).toBe(1);
    // She signed in with the one that stayed.
    await expectShown(page.getByText('Up to date'));
  });
});

describe('a terminal at the door', () => {
  it('asks somebody to sign in, who refuses it in one touch, and then reads it and allows it', async () => {
    const { company } = stage;
    const { page } = lead;
    const terminal = await openTerminal(company, 'Door terminal');
    const colleagues = await company.server.composition.workforce.listColleagues();
    const who = colleagues.find(({ displayName }) => displayName === company.founders.lead);
    const first = await terminal.ask(who?.subjectId ?? '', 'Code 4711');
    const notice = page.getByRole('region', { name: 'A request to sign in' });
    await expectShown(notice.getByText('Door terminal asks you to sign in: “Code 4711”'));
    await notice.getByRole('button', { name: 'Refuse' }).click();
    await expect.poll(() => notice.count()).toBe(0);
    expect(await terminal.fetch(first.auth_req_id)).toBe('access_denied');

    const second = await terminal.ask(who?.subjectId ?? '', 'Code 4712');
    await notice.getByRole('link', { name: 'Look at it' }).click();
    await expectShown(page.getByRole('article', { name: 'Door terminal asks you to sign in' }));
    await expectShown(page.getByText('Code 4712', { exact: true }));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Allow with my passkey' }).click();
    await expectShown(page.getByText('You have signed in to Door terminal.'));
    expect(await terminal.fetch(second.auth_req_id)).toMatchObject({ token_type: 'dpop' });
  });
});

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
