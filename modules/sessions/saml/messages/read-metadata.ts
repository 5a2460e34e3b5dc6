import { bindings, ns } from '../names.ts';
import { keyOfCertificate } from '../signature/allowed-algorithms.ts';
import { SamlRefused } from '../saml-refused.ts';
import type { LogoutEndpoint, ServiceProviderMetadata } from '../service-provider.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';
import { attributeOf, childOf, childrenOf, textOf } from '../xml/read-xml.ts';
import { entityIdMaxChars, refusingXml } from './message-head.ts';
import { readFlag, readIndex } from './simple-types.ts';

/** As long as a service provider's metadata may be. */
export const metadataMaxChars = 40_000;
const endpointsMax = 20;
const certificatesMax = 5;

/** https, or loopback for somebody's own machine; no credentials, no fragment. */
function addressIn(url: string | undefined): string {
  const parsed = url === undefined || url.length > 500 ? undefined : URL.parse(url);
  const loopback = parsed?.protocol === 'http:' && /^(127\.0\.0\.1|\[::1\])$/.test(parsed.hostname);
  const isFine =
    parsed && (parsed.protocol === 'https:' || loopback) && !parsed.username && !parsed.password;
  if (!isFine || url === undefined || url.includes('#')) throw new SamlRefused('address');
  return url;
}

function certificatesOf(role: XmlElement, use: 'signing' | 'encryption'): string[] {
  const certificates = childrenOf(role, ns.metadata, 'KeyDescriptor')
    // One without a use is for both (saml-metadata-2.0-os §2.4.1.1).
    .filter((key) => (attributeOf(key, 'use') ?? use) === use)
    .flatMap((key) => childrenOf(key, ns.signature, 'KeyInfo'))
    .flatMap((info) => childrenOf(info, ns.signature, 'X509Data'))
    .flatMap((data) => childrenOf(data, ns.signature, 'X509Certificate'))
    .map((certificate) => textOf(certificate).replaceAll(/\s/g, ''));
  if (certificates.length > certificatesMax) throw new SamlRefused('certificates');
  for (const certificate of certificates) {
    const key = keyOfCertificate(certificate);
    if (!key) throw new SamlRefused('certificate');
    if (use === 'encryption' && key.asymmetricKeyType !== 'rsa')
      throw new SamlRefused('encryption-key');
  }
  return [...new Set(certificates)];
}

function consumersOf(role: XmlElement): ServiceProviderMetadata['assertionConsumers'] {
  const all = childrenOf(role, ns.metadata, 'AssertionConsumerService');
  if (all.length > endpointsMax) throw new SamlRefused('endpoints');
  const usable = all
    .filter((endpoint) => attributeOf(endpoint, 'Binding') === bindings.post)
    .map((endpoint) => ({
      url: addressIn(attributeOf(endpoint, 'Location')),
      index: readIndex(attributeOf(endpoint, 'index') ?? '0'),
      isDefault: readFlag(attributeOf(endpoint, 'isDefault')),
    }));
  if (usable.length === 0) throw new SamlRefused('no-assertion-consumer');
  return usable;
}

const logoutBindings: ReadonlyMap<string, LogoutEndpoint['binding']> = new Map([
  [bindings.redirect, 'redirect'],
  [bindings.post, 'post'],
  [bindings.soap, 'soap'],
]);

function logoutOf(role: XmlElement): LogoutEndpoint[] {
  const all = childrenOf(role, ns.metadata, 'SingleLogoutService');
  if (all.length > endpointsMax) throw new SamlRefused('endpoints');
  return all.flatMap((endpoint): LogoutEndpoint[] => {
    const binding = attributeOf(endpoint, 'Binding');
    const kind = logoutBindings.get(binding ?? '');
    if (kind === undefined) return [];
    const responseUrl = attributeOf(endpoint, 'ResponseLocation');
    return [
      {
        binding: kind,
        url: addressIn(attributeOf(endpoint, 'Location')),
        ...(responseUrl === undefined ? {} : { responseUrl: addressIn(responseUrl) }),
      },
    ];
  });
}

function entityIdOf(root: XmlElement): string {
  if (root.namespace !== ns.metadata || root.local !== 'EntityDescriptor') {
    throw new SamlRefused('no-entity-descriptor');
  }
  const entityId = attributeOf(root, 'entityID') ?? '';
  if (entityId === '' || entityId.length > entityIdMaxChars || /\s/.test(entityId)) {
    throw new SamlRefused('entity-id');
  }
  return entityId;
}

/**
 * What a service provider's metadata says, read as what anybody could have sent. Its signature, if
 * any, is not looked at: somebody who may register applications vouches for it.
 *
 * @throws SamlRefused
 */
export function readServiceProviderMetadata(xml: string): ServiceProviderMetadata {
  return refusingXml(() => {
    const root = parseXml(xml, { charsMax: metadataMaxChars, commentsBesideElements: true });
    const entityId = entityIdOf(root);
    const role = childOf(root, ns.metadata, 'SPSSODescriptor');
    if (!role) throw new SamlRefused('no-service-provider');
    const signingCertificates = certificatesOf(role, 'signing');
    if (signingCertificates.length === 0 && readFlag(attributeOf(role, 'AuthnRequestsSigned'))) {
      throw new SamlRefused('no-signing-certificate');
    }
    const [encryptionCertificate] = certificatesOf(role, 'encryption');
    return {
      entityId,
      assertionConsumers: consumersOf(role),
      logout: logoutOf(role),
      signingCertificates,
      ...(encryptionCertificate === undefined ? {} : { encryptionCertificate }),
    };
  });
}
