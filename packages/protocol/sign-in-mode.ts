import { z } from 'zod';

/**
 * Where somebody signs in, from the mode with the longest sessions to the one with the shortest: a machine
 * of their own, a virtual desktop, a machine that colleagues take turns at, one that stands in the open.
 */
export const signInModes = ['personal', 'vdi', 'shared-workstation', 'kiosk'] as const;
/** One of {@link signInModes}. */
export const SignInMode = z.enum(signInModes);
export type SignInMode = z.infer<typeof SignInMode>;

/** The one that allows least; of none, the strictest that there is (P7). */
export function strictestMode(modes: readonly SignInMode[]): SignInMode {
  const [first, ...rest] = modes;
  if (first === undefined) return 'kiosk';
  const rank = (mode: SignInMode): number => signInModes.indexOf(mode);
  return rest.reduce((strictest, mode) => (rank(mode) > rank(strictest) ? mode : strictest), first);
}
