/** The namespaces that are read and written; saml-core-2.0-os §1.1, xmldsig-core1, xmlenc-core1. */
export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  soap: 'http://schemas.xmlsoap.org/soap/envelope/',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xmlns: 'http://www.w3.org/2000/xmlns/',
} as const;

/** saml-bindings-2.0-os §3. */
export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
  soap: 'urn:oasis:names:tc:SAML:2.0:bindings:SOAP',
} as const;

/** saml-core-2.0-os §8.3. */
export const nameIdFormats = {
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  unspecified: 'urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified',
  entity: 'urn:oasis:names:tc:SAML:2.0:nameid-format:entity',
} as const;

const status = (name: string) => `urn:oasis:names:tc:SAML:2.0:status:${name}`;

/** saml-core-2.0-os §3.2.2.2: who erred, and how. */
export const statuses = {
  success: [status('Success')],
  noAuthnContext: [status('Requester'), status('NoAuthnContext')],
  noPassive: [status('Responder'), status('NoPassive')],
  authnFailed: [status('Responder'), status('AuthnFailed')],
  requestDenied: [status('Responder'), status('RequestDenied')],
  invalidNameIdPolicy: [status('Requester'), status('InvalidNameIDPolicy')],
  unsupportedBinding: [status('Requester'), status('UnsupportedBinding')],
  requestUnsupported: [status('Requester'), status('RequestUnsupported')],
  partialLogout: [status('Success'), status('PartialLogout')],
} as const satisfies Record<string, readonly [string] | readonly [string, string]>;

/** Name of one of {@link statuses}. */
export type StatusName = keyof typeof statuses;

/** Transforms, digests and the one canonical form; all else is refused. */
export const algorithms = {
  exclusive: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  enveloped: 'http://www.w3.org/2000/09/xmldsig#enveloped-signature',
  rsaSha256: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  aes256Gcm: 'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  rsaOaep: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p',
} as const;
