import type { ApplicationPolicy, SignInMode } from '@proofline/protocol';

/** What is known of where somebody signed in. */
export interface Posture {
  readonly mode: SignInMode;
  /** Whether a device’s key holds the session. */
  readonly isBound: boolean;
}

/** What an application demands and does not get, for its developers; `undefined`: nothing is missing. */
export function whyPostureUnmet(
  { boundToDevice, modes }: Pick<ApplicationPolicy, 'boundToDevice' | 'modes'>,
  { isBound, mode }: Posture,
): string | undefined {
  if (modes && !modes.includes(mode)) return 'this application is not for such a machine';
  if (boundToDevice && !isBound) return 'no key of this device holds the session';
  return undefined;
}
