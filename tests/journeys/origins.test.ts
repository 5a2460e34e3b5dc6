import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectShown } from './stage/expect-shown.ts';
import { enrolledCustomer, OFFERED, signInAsCustomer } from './stage/customer-steps.ts';
import { openStage, type Person, type Stage } from './stage/open-stage.ts';
import { founder } from './stage/staff-steps.ts';
import { tellFailures } from './stage/tell-failures.ts';

let stage: Stage;
let colleague: Person;
let customer: Person;

beforeAll(async () => {
  stage = await openStage();
  colleague = await founder(stage, stage.company.founders.security);
  customer = await enrolledCustomer(stage, stage.company.accountNumbers[0] ?? '');
  await signInAsCustomer(stage, customer);
});
afterAll(async () => stage?.close());
tellFailures(() => stage);

/** Gives this browser every cookie that it holds for one origin at the other as well. */
async function carryCookies(person: Person, from: string, to: string): Promise<number> {
  const context = person.page.context();
  const held = await context.cookies(from);
  // Both origins are one host name apart, so only the domain of a cookie changes.
  const domain = new URL(to).hostname;
  await context.addCookies(held.map((cookie) => ({ ...cookie, domain })));
  const there = new Set((await context.cookies(to)).map(({ name }) => name));
  return held.filter(({ name }) => there.has(name)).length;
}

describe('a colleague at the customers’ origin', () => {
  it('has a passkey that the page cannot use', async () => {
    const { page, passkeys, complaints } = colleague;
    complaints.expect(/^401 GET \/api\/customer\/self$/);
    expect(await passkeys.countPasskeys('staff.localhost')).toBe(1);
    expect(await passkeys.countPasskeys('customers.localhost')).toBe(0);
    await page.goto(stage.company.origins.customers);
    await page.getByRole('button', { name: 'Sign in with passkey' }).click();
    await expectShown(page.getByText('The passkey prompt was closed.'));
  });

  it('has cookies that are worth nothing there', async () => {
    const { page } = colleague;
    const { staff, customers } = stage.company.origins;
    expect(await page.context().cookies(customers)).toEqual([]);
    expect(await carryCookies(colleague, staff, customers)).toBeGreaterThan(0);
    await page.goto(customers);
    await expectShown(page.getByRole('heading', { name: /^Sign in to / }));
  });

  it('finds neither the console nor its API there, and an issuer of its own', async () => {
    const { page, complaints } = colleague;
    const { customers } = stage.company.origins;
    complaints.expect(/^404 /);
    for (const path of ['/api/self', '/access/v1/evaluation']) {
      const answer = await page.goto(`${customers}${path}`);
      expect(`${path} ${answer?.status()}`).toBe(`${path} 404`);
    }
    const discovered = await page.goto(`${customers}/oidc/.well-known/openid-configuration`);
    expect(await discovered?.json()).toMatchObject({ issuer: `${customers}/oidc` });
  });
});

describe('a customer at the staff’s origin', () => {
  it('has a passkey that the page cannot use', async () => {
    const { page, passkeys } = customer;
    expect(await passkeys.countPasskeys('customers.localhost')).toBe(1);
    await page.goto(stage.company.origins.staff);
    const frame = page.frameLocator('iframe[title="Sign in with your passkey"]');
    await expectShown(frame.getByRole('button', { name: 'Continue with your passkey' }));
    // Nobody of the staff has said that this machine is theirs.
    expect(await frame.getByLabel(OFFERED).count()).toBe(0);
    await frame.getByRole('button', { name: 'Continue with your passkey' }).click();
    await expectShown(frame.getByText('Your device gave no passkey for this page.'));
  });

  it('has cookies that are worth nothing there', async () => {
    const { page } = customer;
    const { staff, customers } = stage.company.origins;
    expect(await carryCookies(customer, customers, staff)).toBeGreaterThan(0);
    await page.goto(staff);
    await page
      .frameLocator('iframe[title="Sign in with your passkey"]')
      .getByRole('button', { name: 'Continue with your passkey' })
      .waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
  });

  it('finds none of the customers’ API there', async () => {
    const { page, complaints } = customer;
    complaints.expect(/^404 GET \/api\/customer\//);
    const answer = await page.goto(`${stage.company.origins.staff}/api/customer/self`);
    expect(answer?.status()).toBe(404);
  });
});

it('leaves nothing red in anybody’s console but what was meant', () => {
  expect(stage.complaints()).toEqual([]);
});
