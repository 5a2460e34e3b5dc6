import type { ApplicationSettings, OidcSettings } from '@proofline/protocol';

/** What only OpenID Connect knows; `undefined` for an application that speaks another protocol. */
export function oidcSettingsOf(
  application: { readonly settings: ApplicationSettings } | undefined,
): OidcSettings | undefined {
  return application?.settings.protocol === 'oidc' ? application.settings : undefined;
}
