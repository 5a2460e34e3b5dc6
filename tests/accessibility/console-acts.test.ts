import { exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OFFERED } from '../journeys/stage/customer-steps.ts';
import { expectShown } from '../journeys/stage/expect-shown.ts';
import type { Person, Stage } from '../journeys/stage/open-stage.ts';
import { signInFrame } from '../journeys/stage/staff-steps.ts';
import { tellFailures } from '../journeys/stage/tell-failures.ts';
import { inspectPage } from './inspect-page.ts';
import { openConsole, type Console } from './open-console.ts';

let stage: Stage;
let pageOf: Console['pageOf'];

const CALLBACK = 'https://till.example/callback';
const PAY = {
  type: 'payment',
  api: 'https://pay.example/',
  says: 'pay an invoice',
  fields: [{ name: 'invoice', label: 'Invoice', form: 'text', required: true }],
};

/** What a public client asks in the browser’s address (RFC 9396, RFC 7636). */
const agreementOf = (clientId: string) => ({
  client_id: clientId,
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'A'.repeat(43),
  code_challenge_method: 'S256',
  resource: PAY.api,
  authorization_details: JSON.stringify([{ type: PAY.type, invoice: 'I-7' }]),
});

beforeAll(async () => {
  ({ stage, pageOf } = await openConsole());
});
afterAll(async () => stage?.close());
tellFailures(() => stage, false);

describe('what somebody does in the console', () => {
  it('an invitation’s link, shown once', async () => {
    const { page } = pageOf('hr');
    await page.goto(`${stage.company.origins.staff}/people`);
    await page.getByLabel('Name', { exact: true }).fill('Nora Vance');
    await page.getByLabel('Desk', { exact: true }).fill(stage.company.outsourcedDesk);
    await page.getByLabel('Employee number').fill('NV-2041');
    await page.getByRole('button', { name: 'Make the link' }).click();
    await expectShown(page.getByText('is shown this once'));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a directory’s token, shown once', async () => {
    const { page, complaints } = pageOf('security');
    await page.goto(`${stage.company.origins.staff}/security/provisioning`);
    await page.getByLabel('Name', { exact: true }).fill('Entra');
    // It takes a proof of this minute.
    await stage.company.letProofsAge(120);
    complaints.expect(/^401 POST \/api\/provisioning\//);
    await page.getByRole('button', { name: 'Make the token' }).click();
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(page.getByText('The token for Entra is shown this once.'));
    await expectShown(page.getByRole('heading', { name: 'Connected Entra' }));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('a service that is registered, whose key rotates; and the issuer’s own key', async () => {
    const { page, complaints } = pageOf('security');
    const { staff } = stage.company.origins;
    const newKey = async () => {
      const { publicKey } = await generateKeyPair('ES256', { extractable: true });
      return JSON.stringify(await exportJWK(publicKey));
    };
    await page.goto(`${staff}/security/services`);
    await page.getByLabel('Name', { exact: true }).fill('Night reports');
    await page.getByLabel('What it is for').fill('Reports of the night run.');
    await page.getByLabel('search who may do what').check();
    await page.getByLabel('Its public key').fill(await newKey());
    await stage.company.letProofsAge(120);
    complaints.expect(/^401 POST \/api\/services\/registration$/);
    await page.getByRole('button', { name: 'Register', exact: true }).click();
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(page.getByRole('heading', { name: 'Active Night reports' }));
    await page.getByRole('button', { name: 'Rotate the key: Night reports' }).click();
    await page.getByLabel('The next public key of Night reports').fill(await newKey());
    await page.getByRole('button', { name: 'Add the key' }).click();
    await expectShown(page.getByText('Let the program use the new key.', { exact: false }));
    expect(await inspectPage(page)).toEqual([]);
    await page
      .getByRole('button', { name: /^Retire the key/ })
      .first()
      .click();
    await expectShown(page.getByText('The key that is left ends on', { exact: false }));
    expect(await inspectPage(page)).toEqual([]);
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('button', { name: 'Suspend: Night reports' }).click();
    await page.getByRole('button', { name: 'Suspend it now' }).click();
    await expectShown(page.getByRole('heading', { name: 'Suspended Night reports' }));

    await page.goto(`${staff}/security/keys`);
    await page.getByLabel('Why').fill('It was time.');
    await page.getByRole('button', { name: 'Rotate now' }).click();
    await expectShown(page.getByText('Published, does not sign yet'));
    expect(await inspectPage(page)).toEqual([]);
  });

  it('an application with all that can be registered, and what it asks people to agree to', async () => {
    const { page, complaints } = pageOf('security');
    const { staff } = stage.company.origins;
    const choose = (label: string, option: string) =>
      page.getByLabel(label, { exact: true }).selectOption({ label: option });
    await page.goto(`${staff}/security/applications`);
    await page.getByLabel('Name', { exact: true }).fill('Till');
    await page.getByLabel('Called back at').fill(CALLBACK);
    await choose('How it proves itself', 'By a certificate of its own (mTLS)');
    await expectShown(page.getByLabel('Its certificates'));
    await choose(
      'It asks people who are not at its screen',
      'Yes, and it is told of the answer (ping)',
    );
    await expectShown(page.getByLabel('Told of answers at'));
    await choose('On', 'A machine of their own');
    await choose('In', 'One whose device holds the session by a key');
    expect(await inspectPage(page)).toEqual([]);

    // What was typed is not left unasked: by a link, or by the tab.
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
    await expectShown(leaving);
    expect(await inspectPage(page)).toEqual([]);
    await leaving.getByRole('button', { name: 'Stay here' }).click();
    const asked = page.waitForEvent('dialog');
    await page.evaluate(() => window.setTimeout(() => window.location.reload()));
    const native = await asked;
    expect(native.type()).toBe('beforeunload');
    await native.dismiss();
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Till');

    await choose('How it proves itself', 'Not at all: it can keep no key');
    await choose('It asks people who are not at its screen', 'No');
    await choose('Sign-in requests', 'In the browser’s address');
    await choose('In', 'Any browser');
    await page.getByLabel('APIs that it may ask tokens for').fill(PAY.api);
    await page.getByLabel('What it may ask people to agree to').fill(JSON.stringify([PAY]));
    await stage.company.letProofsAge(120);
    complaints.expect(/^401 POST \/api\/applications$/);
    await page.getByRole('button', { name: 'Register it' }).click();
    await signInFrame(page).getByRole('button', { name: 'Continue with your passkey' }).click();
    const done = page.getByText('Till is registered.');
    await expectShown(done);
    const [id = ''] = /app_[0-9a-z]+/.exec(await page.locator('main').innerText()) ?? [];
    expect(await inspectPage(page)).toEqual([]);
    // Said until another one is begun.
    await page.getByLabel('Name', { exact: true }).fill('T');
    await done.waitFor({ state: 'detached' });
    await page.getByLabel('Name', { exact: true }).fill('');

    await changeAndLeave(page);
    await readOnTelephone(page, id);

    await page.goto(`${staff}/oidc/auth?${new URLSearchParams(agreementOf(id)).toString()}`);
    await expectShown(page.getByRole('heading', { name: 'Do you agree?' }));
    await expectShown(page.getByText('Till asks to pay an invoice'));
    await expectShown(page.getByText('I-7'));
    expect(await page.getByLabel(OFFERED).count()).toBe(0);
    expect(await inspectPage(page)).toEqual([]);
  });

  it('the choice of a reason for an approval', async () => {
    const { page } = pageOf('supervisor');
    await page.goto(`${stage.company.origins.staff}/supervisor/approvals`);
    await page.getByRole('button', { name: /^Approve/ }).click();
    await expectShown(page.getByText('Approve because of'));
    expect(await inspectPage(page)).toEqual([]);
  });
});

/** A dialog asks as the page does, and what was typed in it is lost only then. */
async function changeAndLeave(page: Person['page']): Promise<void> {
  await page.getByRole('button', { name: 'Change: Till' }).click();
  const leaving = page.getByRole('dialog', { name: 'Leave without saving?' });
  const changing = page.getByRole('dialog', { name: 'Change Till' });
  await changing.getByLabel('Name', { exact: true }).fill('Tills');
  await page.keyboard.press('Escape');
  await expectShown(leaving);
  expect(await inspectPage(page)).toEqual([]);
  await leaving.getByRole('button', { name: 'Stay here' }).click();
  await leaving.waitFor({ state: 'detached' });
  expect(await changing.getByLabel('Name', { exact: true }).inputValue()).toBe('Tills');
  // A refusal at the end of a long form stands whole in what is seen of it.
  await changing.getByLabel('Called back at').fill('till');
  await changing.getByRole('button', { name: 'Change it' }).click();
  const refused = changing.getByRole('alert');
  await expectShown(refused);
  const isWhole = (alert: Element) =>
    alert.getBoundingClientRect().bottom <=
    (alert.closest('[role=dialog]')?.getBoundingClientRect().bottom ?? 0);
  expect(await refused.evaluate(isWhole)).toBe(true);
  await page.keyboard.press('Escape');
  await leaving.getByRole('button', { name: 'Leave' }).click();
  await changing.waitFor({ state: 'detached' });
}

/** On a telephone, the buttons of the list stand below what is said of the application. */
async function readOnTelephone(page: Person['page'], id: string): Promise<void> {
  const wide = page.viewportSize() ?? { width: 1280, height: 800 };
  await page.setViewportSize({ width: 360, height: wide.height });
  const registered = page.getByRole('listitem').filter({ hasText: id }).locator('details');
  expect((await registered.boundingBox())?.width).toBeGreaterThan(200);
  await page.setViewportSize(wide);
}

it('leaves nothing red in anybody’s console', () => {
  expect(stage.complaints()).toEqual([]);
});
