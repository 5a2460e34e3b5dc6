import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { createDevice } from '../../demo/actors/device.ts';
import { onboard } from '../../demo/actors/onboard.ts';
import { makeBrowserKey, type BrowserKey } from './caller/browser-key.ts';
import { openBrowser, type Browser } from './caller/open-browser.ts';
import { passkeyOf } from './caller/passkey.ts';
import { openRawHttp } from './caller/raw-http.ts';
import type { Ready } from './company-process.ts';
import { sendFrom } from './send-from.ts';

/** Somebody who works there, with a passkey that is theirs. */
export interface Person {
  /** In a browser in which nobody is signed in, with a key that nobody has seen. */
  fresh(key: BrowserKey): Browser;
}

/** Each opens their link and registers a synced passkey. */
export async function seatEverybody({ origins, links }: Ready): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (const [at, link] of links.entries()) {
    const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
    const address = `127.0.1.${at + 1}`;
    await onboard({ link, device: createDevice(sendFrom(address)), passkeys });
    people.push(seat(passkeys, { staffOrigin: origins.staff, address }));
  }
  return people;
}

function seat(
  passkeys: SoftwareAuthenticator,
  { staffOrigin, address }: { readonly staffOrigin: string; readonly address: string },
): Person {
  const passkey = passkeyOf(passkeys);
  const send = openRawHttp(staffOrigin, address);
  return { fresh: (key) => openBrowser({ staffOrigin, send, passkey, key }) };
}

/** A key for each browser, made before the time runs; a browser makes its own on its own machine. */
export function makeKeys(count: number): () => BrowserKey {
  const keys = Array.from({ length: count }, makeBrowserKey);
  return () => keys.pop() ?? makeBrowserKey();
}
