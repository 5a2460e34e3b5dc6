import type { SamlSettings } from '@proofline/protocol';
import { readServiceProviderMetadata } from '../../saml/messages/read-metadata.ts';
import { SamlRefused } from '../../saml/saml-refused.ts';
import { isOwnAddress } from './own-address.ts';
import type { Surroundings } from './surroundings.ts';

/** What is wrong with metadata, by the check that refused it. */
const sentences: Readonly<Record<string, string>> = {
  xml: 'The metadata is no plain XML: no DOCTYPE, no comment within a value, nothing but elements.',
  'no-entity-descriptor': 'The metadata is not of one entity (EntityDescriptor).',
  'no-service-provider': 'The metadata is not of a service provider (SPSSODescriptor).',
  'no-assertion-consumer': 'The metadata names no address that takes assertions by HTTP-POST.',
  address: 'An address in the metadata is not https, or has credentials or a fragment.',
  certificate: 'A certificate in the metadata cannot be read, or its key is weak.',
  'encryption-key': 'The key to encrypt under is not an RSA key.',
  'no-signing-certificate': 'The metadata says that requests are signed, and names no key.',
};

/** Why a service provider cannot be registered, in a sentence; `undefined` where it can. */
export function whySamlUnusable(
  { entityId, metadata }: SamlSettings,
  own: Surroundings,
): string | undefined {
  if (!own.saml) return 'This server has no key for SAML: PROOFLINE_SAML_KEYS is not set.';
  try {
    const read = readServiceProviderMetadata(metadata);
    if (read.entityId !== entityId) return 'The entity id is not the one of the metadata.';
    const addresses = [
      ...read.assertionConsumers.map(({ url }) => url),
      ...read.logout.flatMap(({ url, responseUrl }) => [url, responseUrl ?? url]),
    ];
    if (addresses.some((url) => isOwnAddress(url, own)))
      return 'No application is called back at an address of Proofline itself.';
    return undefined;
  } catch (error) {
    if (!(error instanceof SamlRefused)) throw error;
    return sentences[error.check] ?? 'Something in the metadata is not of its form.';
  }
}
