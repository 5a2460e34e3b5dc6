import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  CeremonyOptions,
  CustomerRecoveryDone,
  RecoveryProgress,
  Vouching,
  type RecoveryAct,
} from '@proofline/protocol';
import { expect } from 'vitest';
import { createDevice, type Answer, type Device } from '../../demo/actors/device.ts';
import type { Company } from '../../demo/start-company.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import type { CustomerAtHome } from './callers.ts';

/** The code of a problem, if the answer is one. */
export const codeOf = ({ body }: Answer) => (body as { code?: string }).code;

/** Everything that a customer’s page can do about a recovery, in some browser. */
export function recoveryIn(company: Company, device: Device) {
  const { customers: origin } = company.origins;
  const ask = (path: string, json: unknown = {}) =>
    device.ask(`${origin}/api/customer/recovery${path}`, { method: 'POST', origin, json });
  const read = (path: string) => device.ask(`${origin}/api/customer/recovery${path}`, { origin });
  return {
    ask,
    read,
    state: async () => RecoveryProgress.parse((await read('/state')).body),
    async start(accountNumber: string) {
      const progress = RecoveryProgress.parse((await ask('/start', { accountNumber })).body);
      await company.server.composition.recovery.settle();
      return progress;
    },
    async ready() {
      await expect
        .poll(async () => RecoveryProgress.parse((await read('/state')).body).state, {
          timeout: 20_000,
        })
        .toBe('ready');
    },
    async register() {
      const passkeys = createSoftwareAuthenticator({
        kind: 'device-bound',
        authority: company.authority,
      });
      const asked = await ask('/passkey/options');
      if (asked.status !== 200) return { passkeys, answer: asked };
      const { ceremonyId, publicKey } = CeremonyOptions.parse(asked.body);
      const credential = await passkeys.register({ options: publicKey, origin });
      return { passkeys, answer: await ask('/passkey', { ceremonyId, credential }) };
    },
  };
}

/** What a signed-in customer lays by, signed with their passkey. */
export async function doAct(
  company: Company,
  one: Pick<CustomerAtHome, 'device' | 'passkeys'>,
  { act, code }: { readonly act: RecoveryAct; readonly code?: string },
): Promise<Answer> {
  const { ask } = recoveryIn(company, one.device);
  const begun = await ask('/acts', { act });
  if (begun.status !== 200) return begun;
  const { ceremonyId, publicKey } = CeremonyOptions.parse(begun.body);
  const { customers: origin } = company.origins;
  // Whatever passkey they have: a thief’s browser would sign with another one than was asked for.
  const options = { ...publicKey, allowCredentials: [] };
  const credential = await one.passkeys.assert({ options, origin });
  return ask('/proof', { answer: { ceremonyId, credential }, ...(code && { code }) });
}

/** What stands behind `#` in the link of a new invitation. */
export async function invite(company: Company, one: CustomerAtHome): Promise<string> {
  const invited = await doAct(company, one, { act: { kind: 'invite-contact' } });
  const { invitation } = CustomerRecoveryDone.parse(invited.body);
  return new URL(invitation?.link ?? '').hash.slice(1);
}

/** Invites somebody, who accepts: the link goes from hand to hand. */
export async function befriend(
  company: Company,
  one: CustomerAtHome,
  friend: CustomerAtHome,
): Promise<void> {
  const secret = await invite(company, one);
  const accepted = await doAct(company, friend, { act: { kind: 'accept-contact', secret } });
  expect(accepted).toMatchObject({ status: 200 });
}

/** A contact types the code that they were told, and signs. */
export async function vouchAsContact(
  company: Company,
  by: CustomerAtHome,
  matchingCode: string,
): Promise<Answer> {
  const { ask } = recoveryIn(company, by.device);
  const asked = await ask('/vouch/options', { matchingCode });
  if (asked.status !== 200) return asked;
  const { ceremonyId, publicKey } = Vouching.parse(asked.body);
  const { customers: origin } = company.origins;
  const credential = await by.passkeys.assert({ options: publicKey, origin });
  return ask('/vouch', { ceremonyId, credential });
}

/** A colleague types the code that they were told in person, and signs. */
export async function vouchAsColleague(
  company: Company,
  by: Colleague,
  matchingCode: string,
): Promise<Answer> {
  const { staff: origin } = company.origins;
  const asked = await by.console.api('POST', '/api/recoveries/vouch/options', { matchingCode });
  if (asked.status !== 200) return asked;
  const { ceremonyId, publicKey } = Vouching.parse(asked.body);
  const credential = await by.passkeys.assert({ options: publicKey, origin });
  return by.console.api('POST', '/api/recoveries/vouch', { ceremonyId, credential });
}

/** A browser of somebody who has nothing. */
export const strangersBrowser = (company: Company) => recoveryIn(company, createDevice());
