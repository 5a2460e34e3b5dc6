import { bindings, nameIdFormats, ns } from '../names.ts';
import type { SamlKeys } from '../signing-keys.ts';
import { element, type Written } from '../xml/write-xml.ts';
import { signXml } from './sign-xml.ts';
import { writeInstant } from './simple-types.ts';

/** Where we are reached. */
export interface SamlAddresses {
  /** Our entity id, and where our metadata is. */
  readonly entityId: string;
  readonly signIn: string;
  readonly logout: string;
}

/** The addresses below the staff's origin. */
export function addressesOf(staffOrigin: string): SamlAddresses {
  const at = (name: string) => `${staffOrigin}/saml/${name}`;
  return { entityId: at('metadata'), signIn: at('sso'), logout: at('slo') };
}

const validMs = 7 * 24 * 60 * 60_000;

function keyDescriptor(certificate: string): Written {
  return element(
    'md:KeyDescriptor',
    { use: 'signing' },
    element(
      'ds:KeyInfo',
      { 'xmlns:ds': ns.signature },
      element('ds:X509Data', {}, element('ds:X509Certificate', {}, certificate)),
    ),
  );
}

/** Our metadata (saml-metadata-2.0-os §2.4.3), signed; to be read anew within a week. */
export function writeMetadata(
  addresses: SamlAddresses,
  keys: SamlKeys,
  { id, nowMs }: { readonly id: string; readonly nowMs: number },
): string {
  const both = (name: string, url: string) =>
    [bindings.redirect, bindings.post].map((Binding) =>
      element(`md:${name}`, { Binding, Location: url }),
    );
  const xml = element(
    'md:EntityDescriptor',
    {
      'xmlns:md': ns.metadata,
      ID: id,
      entityID: addresses.entityId,
      validUntil: writeInstant(nowMs + validMs),
    },
    element(
      'md:IDPSSODescriptor',
      { protocolSupportEnumeration: ns.protocol, WantAuthnRequestsSigned: 'true' },
      ...keys.published().map(keyDescriptor),
      ...both('SingleLogoutService', addresses.logout),
      ...[nameIdFormats.persistent, nameIdFormats.transient].map((format) =>
        element('md:NameIDFormat', {}, format),
      ),
      ...both('SingleSignOnService', addresses.signIn),
    ),
  ).xml;
  return signXml(xml, 'EntityDescriptor', keys.current());
}
