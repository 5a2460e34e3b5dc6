import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { openConsole, type ConsoleSession } from '../../demo/actors/console-session.ts';
import { createDevice } from '../../demo/actors/device.ts';
import { onboard } from '../../demo/actors/onboard.ts';
import type { Ready } from './company-process.ts';
import { sendFrom } from './send-from.ts';

/** Somebody who works there, with a passkey that is theirs. */
export interface Person {
  /** In a browser in which nobody is signed in, with a key that it has just made. */
  fresh(): Promise<ConsoleSession>;
}

/** Each opens their link and registers a synced passkey. */
export async function seatEverybody({ origins, links }: Ready): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (const [at, link] of links.entries()) {
    const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
    const send = sendFrom(`127.0.1.${at + 1}`);
    await onboard({ link, device: createDevice(send), passkeys });
    people.push({ fresh: () => openIn(passkeys, send, origins) });
  }
  return people;
}

function openIn(
  passkeys: SoftwareAuthenticator,
  send: ReturnType<typeof sendFrom>,
  { staff: staffOrigin, gateway: gatewayOrigin }: Ready['origins'],
): Promise<ConsoleSession> {
  return openConsole({ staffOrigin, gatewayOrigin, passkeys, device: createDevice(send) });
}
