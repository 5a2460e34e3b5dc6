import { bytesToBase64url } from '@proofline/kernel';
import type { ReplayStore } from '@proofline/enforce';
import type { Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import type { SamlAddresses } from './messages/write-metadata.ts';
import type { ServiceProvider, ServiceProviders } from './service-provider.ts';
import type { SamlKeys } from './signing-keys.ts';

/** What the SAML identity provider stands on: the same sessions and sign-in as the OpenID provider. */
export interface SamlContext extends SessionsContext {
  readonly provider: Provider;
  readonly samlKeys: SamlKeys;
  readonly serviceProviders: ServiceProviders;
  readonly replayStore: ReplayStore;
  readonly addresses: SamlAddresses;
  /** Evidence of a refusal, bounded. */
  readonly noteRefused: (refused: {
    readonly provider: ServiceProvider;
    readonly because: string;
  }) => Promise<void>;
}

/** An id of a message: 192 random bits, of the form that `xs:ID` has. */
export const newMessageId = ({ random }: Pick<SamlContext, 'random'>): string =>
  `_${bytesToBase64url(random.bytes(24))}`;
