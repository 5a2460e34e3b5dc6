import type { SoftwareAuthenticator } from '@proofline/assurance/testing';
import type { CeremonyOptions, CustomerSignInPrompt } from '@proofline/protocol';
import type { Device } from '../../../demo/actors/device.ts';

/** Somebody at a sign-in page, with a passkey. */
export interface Person {
  readonly subjectId: string;
  /** As an application that may learn it is told. */
  readonly displayName: string;
  /** Answers with the passkey; where the browser goes then. */
  answer(device: Device, uid: string): Promise<string>;
  /** Leaves the page; where the browser goes then. */
  leave(device: Device, uid: string): Promise<string>;
}

interface Known extends Pick<Person, 'subjectId' | 'displayName'> {
  readonly passkeys: SoftwareAuthenticator;
}

/** A customer who enrolled before: they read what they agree to, and agree. */
export function createCustomer(origin: string, { passkeys, ...known }: Known): Person {
  const pageOf = (uid: string) => `${origin}/api/customer/sign-ins/${uid}`;
  return {
    ...known,
    async answer(device, uid) {
      const { body: prompt } = await device.ask(pageOf(uid));
      const { terms } = prompt as CustomerSignInPrompt; // the contract's form
      const asked = await device.ask(`${pageOf(uid)}/options`, { origin, json: { terms } });
      const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
      const credential = await passkeys.assert({ options: publicKey, origin });
      const json = { ceremonyId, credential };
      return onward(origin, (await device.ask(`${pageOf(uid)}/assertion`, { origin, json })).body);
    },
    async leave(device, uid) {
      const left = await device.ask(`${pageOf(uid)}/cancel`, { method: 'POST', origin });
      return onward(origin, left.body);
    },
  };
}

function onward(origin: string, body: unknown): string {
  const { redirectTo } = body as { redirectTo?: string }; // the contract's form, or a refusal
  if (redirectTo === undefined) throw new Error(`the sign-in page: ${JSON.stringify(body)}`);
  return new URL(redirectTo, origin).href;
}

/** A colleague whose passkey was registered before. */
export function createPerson(staffOrigin: string, { passkeys, ...known }: Known): Person {
  const pageOf = (uid: string) => `${staffOrigin}/api/sign-in/${uid}`;
  return {
    ...known,
    async answer(device, uid) {
      const asked = await device.ask(`${pageOf(uid)}/options`, {
        method: 'POST',
        origin: staffOrigin,
      });
      const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
      const credential = await passkeys.assert({ options: publicKey, origin: staffOrigin });
      const json = { ceremonyId, credential };
      const answered = await device.ask(`${pageOf(uid)}/assertion`, { origin: staffOrigin, json });
      return onward(staffOrigin, answered.body);
    },
    async leave(device, uid) {
      const left = await device.ask(`${pageOf(uid)}/cancel`, {
        method: 'POST',
        origin: staffOrigin,
      });
      return onward(staffOrigin, left.body);
    },
  };
}
