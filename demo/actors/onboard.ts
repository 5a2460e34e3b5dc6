import type { CeremonyOptions, OnboardingState } from '@proofline/protocol';
import { StepRefused } from './console-session.ts';
import type { Device } from './device.ts';
import type { SoftwareAuthenticator } from '@proofline/assurance/testing';

/** A new colleague opens the link and registers a passkey; answers what their screen shows. */
export async function onboard(options: {
  readonly link: string;
  readonly device: Device;
  readonly passkeys: SoftwareAuthenticator;
}): Promise<OnboardingState> {
  const { origin, hash } = new URL(options.link);
  const { device } = options;
  const opened = await device.ask(`${origin}/api/onboarding/open`, {
    origin,
    json: { secret: hash.slice(1) },
  });
  if (opened.status !== 200) throw new StepRefused('open the onboarding link', opened);
  const asked = await device.ask(`${origin}/api/onboarding/passkey/options`, {
    method: 'POST',
    origin,
  });
  if (asked.status !== 200) throw new StepRefused('passkey options', asked);
  const { ceremonyId, publicKey } = asked.body as CeremonyOptions; // the contract's form
  const credential = await options.passkeys.register({ options: publicKey, origin });
  const registered = await device.ask(`${origin}/api/onboarding/passkey`, {
    origin,
    json: { ceremonyId, credential },
  });
  if (registered.status !== 201) throw new StepRefused('register the passkey', registered);
  return registered.body as OnboardingState; // the contract's form
}
