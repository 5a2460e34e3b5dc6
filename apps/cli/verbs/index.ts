import type { Verb } from '../verb.ts';
import { evidenceVerify } from './evidence-verify.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [evidenceVerify];
