import { expect } from 'vitest';
import type { Answer, Device } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { enrolWithDevice, type CustomerAtHome } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { countAuthenticators } from './victims.ts';

/** A company whose identities are attacked: by its own staff, and through a customer of it. */
export interface Identities extends Battlefield {
  readonly hr: Colleague;
  readonly lead: Colleague;
  readonly agent: Colleague;
  readonly victim: CustomerAtHome;
  /** Whether nobody got an authenticator by what is done here. */
  nobodyGains(attack: () => Promise<void>): Promise<void>;
  /** Opens an onboarding link on a device. */
  openLink(device: Device, link: string): Promise<Answer>;
}

/** @see Identities */
export async function openIdentities(): Promise<Identities> {
  const field = await openCompany();
  const { company } = field;
  const { staff } = company.origins;
  return {
    ...field,
    hr: await seatFounder(company, 'Ines Okafor'),
    lead: await seatFounder(company, 'Tom Lindqvist'),
    agent: await seatFounder(company, 'Ana Ruiz'),
    victim: await enrolWithDevice(company, company.accountNumbers[0] ?? ''),
    async nobodyGains(attack) {
      const before = await countAuthenticators(company);
      await attack();
      expect(await countAuthenticators(company)).toBe(before);
    },
    openLink: (device, link) =>
      device.ask(`${staff}/api/onboarding/open`, {
        origin: staff,
        json: { secret: new URL(link).hash.slice(1) },
      }),
  };
}
