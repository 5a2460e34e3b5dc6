import type { ApplicationSettings } from '@proofline/protocol';
import { readServiceProviderMetadata } from '../../saml/messages/read-metadata.ts';
import { SamlRefused } from '../../saml/saml-refused.ts';

/** The addresses of an application’s website, from which its colleagues are sent here; none for a program. */
export function websitesOf(settings: ApplicationSettings): readonly string[] {
  if (settings.protocol === 'oidc') return settings.kind === 'web' ? settings.redirectUris : [];
  try {
    return readServiceProviderMetadata(settings.metadata).assertionConsumers.map(({ url }) => url);
  } catch (error) {
    if (error instanceof SamlRefused) return [];
    throw error;
  }
}
