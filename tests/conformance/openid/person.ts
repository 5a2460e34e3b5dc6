import type { SoftwareAuthenticator } from '@proofline/assurance/testing';
import type { CeremonyOptions } from '@proofline/protocol';
import type { Device } from '../../../demo/actors/device.ts';

/** Somebody at a sign-in page, with a passkey. */
export interface Person {
  readonly subjectId: string;
  /** Answers with the passkey; where the browser goes then. */
  answer(device: Device, uid: string): Promise<string>;
  /** Leaves the page; where the browser goes then. */
  leave(device: Device, uid: string): Promise<string>;
}

/** A colleague whose passkey was registered before. */
export function createPerson(
  staffOrigin: string,
  { passkeys, subjectId }: { readonly passkeys: SoftwareAuthenticator; readonly subjectId: string },
): Person {
  const pageOf = (uid: string) => `${staffOrigin}/api/sign-in/${uid}`;
  const onward = (body: unknown): string => {
    const { redirectTo } = body as { redirectTo?: string }; // the contract's form, or a refusal
    if (redirectTo === undefined) throw new Error(`the sign-in page: ${JSON.stringify(body)}`);
    return new URL(redirectTo, staffOrigin).href;
  };
  return {
    subjectId,
    async answer(device, uid) {
      const asked = await device.ask(`${pageOf(uid)}/options`, {
        method: 'POST',
        origin: staffOrigin,
      });
      const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
      const credential = await passkeys.assert({ options: publicKey, origin: staffOrigin });
      const json = { ceremonyId, credential };
      const answered = await device.ask(`${pageOf(uid)}/assertion`, { origin: staffOrigin, json });
      return onward(answered.body);
    },
    async leave(device, uid) {
      const left = await device.ask(`${pageOf(uid)}/cancel`, {
        method: 'POST',
        origin: staffOrigin,
      });
      return onward(left.body);
    },
  };
}
