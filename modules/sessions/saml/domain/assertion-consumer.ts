import type { AuthnRequest } from '../messages/authn-request.ts';
import type { ServiceProviderMetadata } from '../service-provider.ts';

type Asked = Pick<AuthnRequest, 'consumerUrl' | 'consumerIndex'>;

/**
 * Where the answer goes: exactly one registered address, compared character by character
 * (saml-profiles-2.0-os §4.1.4.1). `undefined`: what was asked for is not registered.
 */
export function assertionConsumerFor(
  { assertionConsumers }: Pick<ServiceProviderMetadata, 'assertionConsumers'>,
  { consumerUrl, consumerIndex }: Asked,
): string | undefined {
  // saml-core-2.0-os §3.4.1: the two exclude each other.
  if (consumerUrl !== undefined && consumerIndex !== undefined) return undefined;
  if (consumerUrl !== undefined) {
    return assertionConsumers.find(({ url }) => url === consumerUrl)?.url;
  }
  if (consumerIndex !== undefined) {
    return assertionConsumers.find(({ index }) => index === consumerIndex)?.url;
  }
  return (assertionConsumers.find(({ isDefault }) => isDefault) ?? assertionConsumers[0])?.url;
}
