import { company, demoCustomers } from './company.ts';
import { demoStaff } from './staff.ts';
import type { Company } from './start-company.ts';

/** Prints the pages to open and what to try. */
export function printWelcome(running: Company, say: (text: string) => void): void {
  const { origins, founderLinks } = running;
  const caller = `${demoCustomers()[0]?.name}, ${running.accountNumbers[0]}`;
  say(`
  ${company.name} (seeded: ${demoStaff.length} staff, ${running.accountNumbers.length} customers, 40 cases)

  Console          ${origins.staff}
  Customer’s page  ${origins.customers}
  Softphone        ${origins.demo}/softphone
  Customers’ phones ${origins.demo}/phone

  Nobody has a password. Each colleague registers a passkey once, through a link of their own:
`);
  for (const { displayName, role } of demoStaff) {
    const link = founderLinks.get(displayName);
    if (link !== undefined) say(`    ${role.padEnd(15)} ${displayName.padEnd(15)} ${link}\n`);
  }
  say(`
  Try this (docs/start/play-the-demo.md has the whole tour):
    1. Open Ana Ruiz’s link, register a passkey, sign in.
    2. On the customers’ phones, open the invitation of ${caller}, and register the customer’s passkey.
    3. Ring Ana from the softphone; ask for proof by account number ${running.accountNumbers[0]}.
    4. Answer as the customer, from the new message on the phone.
  No passkey on this machine? This opens a Chromium window per person, each with a simulated one:
                                      npm run demo -- --browser

  The whole story without a browser:  npm run demo -- --story
  Start anew:                         npm run demo -- --fresh
  Ctrl-C stops everything.
`);
}
