import { basic } from './basic.ts';
import { fapi2 } from './fapi2.ts';
import type { Plan } from './module.ts';

/** Every plan, in the order of the page. */
export const plans: readonly Plan[] = [basic, fapi2];
