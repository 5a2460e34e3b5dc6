import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { openConsole, type ConsoleSession } from '../actors/console-session.ts';
import { createCustomerPhone, type CustomerPhone } from '../actors/customer-phone.ts';
import { createDevice, type Device } from '../actors/device.ts';
import { onboard } from '../actors/onboard.ts';
import type { Company } from '../start-company.ts';

/** A colleague at a desk: a browser profile, a passkey, and the console in front of them. */
export interface Colleague {
  readonly name: string;
  readonly device: Device;
  readonly passkeys: SoftwareAuthenticator;
  readonly console: ConsoleSession;
}

/** Gives a person a browser and an authenticator; hardware ones are attested by the demo's maker. */
export async function seat(
  company: Company,
  name: string,
  kind: 'device-bound' | 'synced',
): Promise<Colleague> {
  const device = createDevice();
  const passkeys = createSoftwareAuthenticator({ kind, authority: company.authority });
  const { staff: staffOrigin, gateway: gatewayOrigin } = company.origins;
  const console = await openConsole({ staffOrigin, gatewayOrigin, device, passkeys });
  return { name, device, passkeys, console };
}

/** A founding colleague opens their link, registers, and signs in. */
export async function seatFounder(company: Company, name: string): Promise<Colleague> {
  const link = company.founderLinks.get(name);
  if (link === undefined) throw new Error(`${name} is not among the founding staff`);
  const colleague = await seat(company, name, 'device-bound');
  await onboard({ link, ...colleague });
  await colleague.console.signIn();
  return colleague;
}

/** A customer with a phone: follows the invitation that came to it, with a synced passkey. */
export async function enrolCustomer(
  company: Company,
  accountNumber: string,
): Promise<CustomerPhone> {
  const phone = createCustomerPhone({
    customersOrigin: company.origins.customers,
    device: createDevice(),
    passkeys: createSoftwareAuthenticator({ kind: 'synced' }),
  });
  const { link } = company.messageTo(accountNumber);
  if (link === undefined) throw new Error('the invitation came without a link');
  await phone.enrol(link);
  return phone;
}
