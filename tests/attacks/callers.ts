import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  CeremonyOptions,
  inviteColleague,
  type Invitation,
  type OnboardingState,
  type ServiceRole,
} from '@proofline/protocol';
import type { CustomerPhone } from '../../demo/actors/customer-phone.ts';
import { createCustomerPhone } from '../../demo/actors/customer-phone.ts';
import { createDevice, type Device } from '../../demo/actors/device.ts';
import type { DpopKey } from '../../demo/actors/dpop-key.ts';
import { onboard } from '../../demo/actors/onboard.ts';
import type { Company } from '../../demo/start-company.ts';
import { seat, type Colleague } from '../../demo/story/cast.ts';
import { expectAnswer } from '../../demo/story/stage.ts';
import { send, type RawAnswer } from './send.ts';

/** Somebody who sends requests: with a token, with cookies, with both or with nothing. */
export interface Caller {
  readonly name: string;
  readonly device: Device;
  credentials?(): Promise<{ readonly accessToken: string; readonly key: DpopKey }>;
}

export interface Aim {
  readonly origin: string;
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly readForMs?: number;
  /** The page that asks, where it is not of the same origin: the console, at the gateway. */
  readonly from?: string;
}

/** Sends a request with everything that the caller has: token, proof of possession, cookies, Origin. */
export async function callAs(caller: Caller, aim: Aim): Promise<RawAnswer> {
  const { host } = new URL(aim.origin);
  const url = `${aim.origin}${aim.path}`;
  const method = aim.method.toUpperCase();
  const held = await caller.credentials?.();
  const cookie = [...caller.device.cookiesOf(host)].map(([name, value]) => `${name}=${value}`);
  const body =
    aim.form === undefined
      ? aim.json === undefined
        ? undefined
        : JSON.stringify(aim.json)
      : new URLSearchParams(aim.form).toString();
  return send({
    origin: aim.origin,
    method,
    path: aim.path,
    headers: {
      origin: aim.from ?? aim.origin,
      ...(cookie.length === 0 ? {} : { cookie: cookie.join('; ') }),
      ...(aim.json === undefined ? {} : { 'content-type': 'application/json' }),
      ...(aim.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(held === undefined
        ? {}
        : {
            authorization: `DPoP ${held.accessToken}`,
            dpop: await held.key.prove({ method, url, accessToken: held.accessToken }),
          }),
    },
    ...(body === undefined ? {} : { body }),
    ...(aim.readForMs === undefined ? {} : { readForMs: aim.readForMs }),
  });
}

/** A colleague as a caller. */
export function asCaller(name: string, { device, console }: Colleague): Caller {
  return {
    name,
    device,
    credentials: async () => ({ accessToken: console.accessToken, key: console.key }),
  };
}

/** A service as a caller. */
export async function serviceCaller(company: Company, role: ServiceRole): Promise<Caller> {
  const client = await company.service(role);
  return { name: role, device: createDevice(), credentials: client.credentials };
}

export interface NewColleague extends Colleague {
  readonly state: OnboardingState;
  readonly link: string;
  readonly employeeNumber: string;
  readonly invitation: Invitation;
}

let hired = 0;

/** Invited and registered, but confirmed by nobody yet. */
export async function hire(
  company: Company,
  hr: Colleague,
  desk = company.outsourcedDesk,
): Promise<NewColleague> {
  const sent = await invite(hr, desk);
  const colleague = await seat(company, sent.invitation.displayName, 'device-bound');
  const state = await onboard({ link: sent.link, ...colleague });
  return { ...colleague, ...sent, state };
}

/** A fresh invitation with its link. */
export async function invite(hr: Colleague, desk: string) {
  hired += 1;
  const employeeNumber = `NW-${hired}`;
  const wanted = { displayName: `Newcomer ${hired}`, desk, employeeNumber };
  const answer = await hr.console.api('POST', '/api/onboarding/invitations', wanted);
  const { invitation, link } = expectAnswer(answer, {
    status: 201,
    step: 'invite',
    form: inviteColleague.reply,
  });
  return { employeeNumber, invitation, link };
}

/** A customer and everything that belongs to them. */
export interface CustomerAtHome {
  readonly phone: CustomerPhone;
  readonly device: Device;
  readonly passkeys: ReturnType<typeof createSoftwareAuthenticator>;
  readonly accountNumber: string;
}

/** Like the story's, but the attacker gets to hold the customer's device and passkeys. */
export async function enrolWithDevice(
  company: Company,
  accountNumber: string,
): Promise<CustomerAtHome> {
  const device = createDevice();
  const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
  const customersOrigin = company.origins.customers;
  const phone = createCustomerPhone({ customersOrigin, device, passkeys });
  const before = company.messages.length;
  const accountOpening = await company.service('account-opening');
  await accountOpening.call('POST', '/api/enrolments', { accountNumber });
  const { link } = await company.nextMessage(before);
  await phone.enrol(link ?? '');
  return { phone, device, passkeys, accountNumber };
}

/** Asks for a ceremony's options as a page of that origin. */
export async function optionsAt(
  device: Device,
  url: string,
  json?: unknown,
): Promise<CeremonyOptions> {
  const answer = await device.ask(url, {
    method: 'POST',
    origin: new URL(url).origin,
    ...(json === undefined ? {} : { json }),
  });
  return expectAnswer(answer, { status: 200, step: 'options', form: CeremonyOptions });
}
