import { company, demoCustomers } from './company.ts';
import { directoryPeople } from './seed-directory.ts';
import { demoStaff } from './staff.ts';
import type { Company } from './start-company.ts';

/** Who has a passkey already: at a second start their links are used up. */
export interface Registered {
  /** Names of colleagues. */
  readonly staff: ReadonlySet<string>;
  /** Account numbers of customers. */
  readonly customers: ReadonlySet<string>;
}

/** Prints the pages to open and what to try. */
export async function printWelcome(running: Company, say: (text: string) => void): Promise<void> {
  say(welcomeText(running, await findRegistered(running)));
}

async function findRegistered({ server, accountNumbers }: Company): Promise<Registered> {
  const { workforce, customers, storage } = server.composition;
  const colleagues = await workforce.listColleagues();
  const enrolled = new Set<string>();
  // Only the first is named in what is printed.
  for (const accountNumber of accountNumbers.slice(0, 1)) {
    const customer = await customers.findByAccountNumber(storage.db, accountNumber);
    const passkeys = customer ? await customers.credentialsOf(storage.db, customer.customerId) : [];
    if (passkeys.length > 0) enrolled.add(accountNumber);
  }
  return {
    staff: new Set(colleagues.flatMap(({ active, displayName }) => (active ? [displayName] : []))),
    customers: enrolled,
  };
}

/** @see printWelcome */
export function welcomeText(
  { origins, founderLinks, accountNumbers }: Printed,
  registered: Registered,
): string {
  const [accountNumber = ''] = accountNumbers;
  const caller = `${demoCustomers()[0]?.name}, ${accountNumber}`;
  return `
  ${company.name} (seeded: ${demoStaff.length} staff, ${accountNumbers.length} customers, 40 cases;
  ${directoryPeople.length} more colleagues are in the company’s directory)

  Console           ${origins.staff}
  Customer’s page   ${origins.customers}
  Softphone         ${origins.demo}/softphone
  Customers’ phones ${origins.demo}/phone
  Customers’ portal http://127.0.0.1:${new URL(origins.demo).port}/portal

  Nobody has a password. Each colleague registers a passkey once, through a link of their own:

${demoStaff.map((one) => staffLine(one, founderLinks, registered)).join('')}
  Try this (docs/start/play-the-demo.md has the whole tour):
    1. ${signInStep(registered)}
    2. ${customerStep(caller, registered.customers.has(accountNumber))}
    3. Ring Ana from the softphone; ask for proof by account number ${accountNumber}.
    4. Answer as the customer, from the new message on the phone.
    5. Sign in to the customers’ portal with the customer’s passkey; take it back on their page.
  No passkey on this machine, or break-glass to try, or an application to register? Those two take a
  security key that its maker vouches for. This opens a Chromium window per person, each with one that
  the demo simulates; they are there again at the next start:
                                      npm run demo -- --browser

  The whole story without a browser:  npm run demo -- --story
  Start anew:                         npm run demo -- --fresh
  Ctrl-C stops everything.
`;
}

function signInStep({ staff }: Registered): string {
  return staff.has('Ana Ruiz')
    ? 'Sign in as Ana Ruiz.'
    : 'Open Ana Ruiz’s link, register a passkey, sign in.';
}

function customerStep(caller: string, isEnrolled: boolean): string {
  return isEnrolled
    ? `${caller}, has a passkey already.`
    : `On the customers’ phones, open the invitation of ${caller}, and register the customer’s passkey.`;
}

type Printed = Pick<Company, 'origins' | 'founderLinks' | 'accountNumbers'>;

function staffLine(
  { role, displayName }: (typeof demoStaff)[number],
  links: ReadonlyMap<string, string>,
  registered: Registered,
): string {
  const link = links.get(displayName);
  if (link === undefined) return '';
  const way = registered.staff.has(displayName)
    ? 'has a passkey already: sign in at the console'
    : link;
  return `    ${role.padEnd(15)} ${displayName.padEnd(15)} ${way}\n`;
}
