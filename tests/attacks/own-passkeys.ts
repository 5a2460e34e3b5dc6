import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { OwnActDone, type CeremonyOptions, type OwnAct } from '@proofline/protocol';
import { openConsole } from '../../demo/actors/console-session.ts';
import { createDevice, type Answer } from '../../demo/actors/device.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import type { Company } from '../../demo/start-company.ts';

/** A change of one's own passkeys, with whatever proves it. */
export async function changeOwn(
  company: Company,
  { console, passkeys }: Colleague,
  { act, by = passkeys }: { readonly act: OwnAct; readonly by?: SoftwareAuthenticator },
): Promise<Answer> {
  const begun = await console.api('POST', '/api/self/passkeys/acts', { act });
  if (begun.status !== 200) return begun;
  const { ceremonyId, publicKey } = begun.body as CeremonyOptions; // the contract's form
  const origin = company.origins.staff;
  // A thief's own has no credential of that list; it signs with what it has.
  const isListed = by === passkeys;
  const options = isListed ? publicKey : { ...publicKey, allowCredentials: [] };
  const credential = await by.assert({ options, origin });
  return console.api('POST', '/api/self/passkeys/proof', { ceremonyId, credential });
}

/** A colleague's second passkey, and them in another browser, signed in with it. */
export async function addSecond(company: Company, colleague: Colleague): Promise<Colleague> {
  const act = { kind: 'add', label: 'Second' } as const;
  const done = OwnActDone.parse((await changeOwn(company, colleague, { act })).body);
  const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
  const { ceremonyId, publicKey } = done.registration!;
  const { gateway: gatewayOrigin, staff: staffOrigin } = company.origins;
  const credential = await passkeys.register({ options: publicKey, origin: staffOrigin });
  const path = '/api/self/passkeys/registration';
  const added = await colleague.console.api('POST', path, { ceremonyId, credential });
  if (added.status !== 201) throw new Error(`not added: ${JSON.stringify(added.body)}`);
  const device = createDevice();
  const console = await openConsole({ staffOrigin, gatewayOrigin, device, passkeys });
  await console.signIn();
  return { name: colleague.name, device, passkeys, console };
}
