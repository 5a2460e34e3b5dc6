import type { Person, PersonOptions, Stage } from './open-stage.ts';

/** A customer who has set up a passkey on the page that the invitation on their phone opened. */
export async function enrolledCustomer(
  stage: Stage,
  accountNumber: string,
  options: PersonOptions = { passkey: 'synced' },
): Promise<Person> {
  const customer = await stage.person(options);
  const { page } = customer;
  await page.goto(stage.company.messageTo(accountNumber).link ?? '');
  await page.getByRole('button', { name: 'Set up passkey' }).click();
  await page.getByRole('heading', { name: 'Your passkey is ready' }).waitFor();
  return customer;
}

/** Opens the request, types the number that was read out, and touches the passkey. */
export async function confirmRequest(
  { page }: Person,
  ask: { readonly link: string; readonly matchingNumber: string },
): Promise<void> {
  await page.goto(ask.link);
  await page.getByLabel(/^The two digits/).fill(ask.matchingNumber);
  await page.getByRole('button', { name: 'Confirm with passkey' }).click();
}

/** The field in which the browser lists its passkeys, on both sign-in pages. */
export const OFFERED = 'Passkeys of this browser';

/** Signs in at the company's own page. */
export async function signInAsCustomer(stage: Stage, customer: Person): Promise<void> {
  // Whoever is not signed in yet is told so by the API.
  customer.complaints.expect(/^401 GET \/api\/customer\/self$/);
  await customer.page.goto(stage.company.origins.customers);
  await customer.page.getByRole('button', { name: 'Sign in with passkey' }).click();
  await customer.page.getByRole('heading', { name: /^Hello, / }).waitFor();
}

/** Asks for a call code and answers it. */
export async function callCode({ page }: Person): Promise<string> {
  await page.getByRole('button', { name: 'I am on a call with you' }).click();
  const spoken = await page.locator('.code .unseen').textContent();
  return (spoken ?? '').replaceAll(' ', '');
}
