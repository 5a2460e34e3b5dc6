import type { Clock } from '@proofline/kernel';
import type { OwnOrigins } from './own-address.ts';

/** What the settings say that matters to what can be registered. */
export interface Surroundings extends OwnOrigins {
  readonly internalLogoutOrigins: readonly string[];
  readonly clock: Clock;
  /** Present where there is a SAML identity provider. */
  readonly saml?: object;
}
