import { SamlLib } from 'samlify';
import { algorithms } from '../names.ts';
import type { SamlKey } from '../signing-keys.ts';

/** Which element is signed: by its name, in one message. */
export type SignedElement =
  | 'Assertion'
  | 'Response'
  | 'LogoutRequest'
  | 'LogoutResponse'
  | 'EntityDescriptor';

/**
 * Signs one element, with the signature where the schemas want it: after the issuer, or first where
 * there is none (saml-core-2.0-os §5.4, saml-metadata-2.0-os §3). By samlify.
 */
export function signXml(xml: string, signed: SignedElement, key: SamlKey): string {
  const path = `//*[local-name(.)='${signed}']`;
  const issuer = `${path}/*[local-name(.)='Issuer']`;
  const location =
    signed === 'EntityDescriptor'
      ? { reference: path, action: 'prepend' as const }
      : { reference: issuer, action: 'after' as const };
  return SamlLib.constructSAMLSignature({
    rawSamlMessage: xml,
    referenceTagXPath: path,
    privateKey: key.privateKeyPem,
    signatureAlgorithm: algorithms.rsaSha256,
    transformationAlgorithms: [algorithms.enveloped, algorithms.exclusive],
    signingCert: key.certificate,
    isBase64Output: false,
    signatureConfig: { prefix: 'ds', location },
  });
}
