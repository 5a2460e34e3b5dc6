import type { Verb } from '../verb.ts';
import { doctor } from './doctor.ts';
import { evidenceVerify } from './evidence-verify.ts';

/** Every verb, in the order of the help. */
export function verbsOf(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Verb[] {
  return [evidenceVerify, doctor(environment)];
}
