import { backchannelLogout } from './backchannel.ts';
import { basic } from './basic.ts';
import { ciba } from './ciba.ts';
import { fapi2MutualTls } from './fapi2-mtls.ts';
import { fapi2Signing } from './fapi2-signing.ts';
import { fapi2 } from './fapi2.ts';
import { formPost } from './form-post.ts';
import { rpInitiatedLogout } from './logout.ts';
import type { Plan } from './module.ts';

/** Every plan, in the order of the page. */
export const plans: readonly Plan[] = [
  basic,
  formPost,
  rpInitiatedLogout,
  backchannelLogout,
  fapi2,
  fapi2MutualTls,
  fapi2Signing,
  ciba,
];

/** Those that are run at the customers’ issuer as well. */
export const customersPlans: readonly Plan[] = [
  basic,
  rpInitiatedLogout,
  backchannelLogout,
  fapi2,
  ciba,
];
