import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SamlLib } from 'samlify';
import { algorithms, ns } from '../names.ts';
import type { SamlKey } from '../signing-keys.ts';
import type { ServiceProvider } from '../service-provider.ts';
import { inEnvelope } from '../messages/soap-envelope.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';
import { attributeOf, textOf, withDescendants } from '../xml/read-xml.ts';

export const idpEntityId = 'http://staff.localhost:4400/saml/metadata';
export const ssoUrl = 'http://staff.localhost:4400/saml/sso';
export const sloUrl = 'http://staff.localhost:4400/saml/slo';
export const consumerUrl = 'https://crm.example/saml/acs';

export const newId = (): string => `_${randomBytes(20).toString('hex')}`;

/** What a service provider is registered as, unless a test says otherwise. */
export function registered(key: SamlKey, more: Partial<ServiceProvider> = {}): ServiceProvider {
  return {
    applicationId: 'app_crm',
    name: 'The CRM',
    entityId: 'https://crm.example/saml',
    assertionConsumers: [{ url: consumerUrl, index: 0, isDefault: true }],
    logout: [{ binding: 'redirect', url: 'https://crm.example/saml/slo' }],
    signingCertificates: [key.certificate],
    isSuspended: false,
    attributes: [],
    ...more,
  };
}

interface RequestParts {
  readonly id?: string;
  readonly issuer?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  /** Inside, after the issuer. */
  readonly inner?: string;
  readonly issuedAtMs?: number;
}

/** An `<AuthnRequest>` in text, as hand-made as its sender. */
export function authnRequest(parts: RequestParts = {}): string {
  const { id = newId(), issuer = 'https://crm.example/saml', inner = '' } = parts;
  const attributes = Object.entries({
    ID: id,
    Version: '2.0',
    IssueInstant: new Date(parts.issuedAtMs ?? Date.now()).toISOString(),
    Destination: ssoUrl,
    AssertionConsumerServiceURL: consumerUrl,
    ...parts.attributes,
  })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join('');
  return `<samlp:AuthnRequest xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}"${attributes}><saml:Issuer>${issuer}</saml:Issuer>${inner}</samlp:AuthnRequest>`;
}

/** `<RequestedAuthnContext>`. */
export function requestedContext(comparison: string, ...classes: readonly string[]): string {
  const refs = classes
    .map((name) => `<saml:AuthnContextClassRef>${name}</saml:AuthnContextClassRef>`)
    .join('');
  return `<samlp:RequestedAuthnContext Comparison="${comparison}">${refs}</samlp:RequestedAuthnContext>`;
}

/** A `<LogoutRequest>` in text. */
export function logoutRequest(parts: {
  readonly nameId: string;
  readonly sessionIndex?: string;
  readonly issuer?: string;
  readonly id?: string;
}): string {
  const { id = newId(), issuer = 'https://crm.example/saml' } = parts;
  const index =
    parts.sessionIndex === undefined
      ? ''
      : `<samlp:SessionIndex>${parts.sessionIndex}</samlp:SessionIndex>`;
  return `<samlp:LogoutRequest xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}" ID="${id}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${sloUrl}"><saml:Issuer>${issuer}</saml:Issuer><saml:NameID>${parts.nameId}</saml:NameID>${index}</samlp:LogoutRequest>`;
}

/** Signed within, by samlify: another implementation than the one that verifies. */
export function signedPost(
  xml: string,
  key: SamlKey,
  more: { readonly algorithm?: string; readonly transforms?: string[] } = {},
): string {
  return SamlLib.constructSAMLSignature({
    rawSamlMessage: xml,
    referenceTagXPath: '/*',
    privateKey: key.privateKeyPem,
    signatureAlgorithm: more.algorithm ?? algorithms.rsaSha256,
    transformationAlgorithms: more.transforms ?? [algorithms.enveloped, algorithms.exclusive],
    signingCert: key.certificate,
    isBase64Output: false,
    signatureConfig: {
      prefix: 'ds',
      location: { reference: "/*/*[local-name(.)='Issuer']", action: 'after' },
    },
  });
}

/** The query of the HTTP-Redirect binding, signed. */
export function signedQuery(
  xml: string,
  key: SamlKey,
  more: {
    readonly relayState?: string;
    readonly algorithm?: string;
    readonly kind?: 'SAMLRequest' | 'SAMLResponse';
  } = {},
): string {
  const { kind = 'SAMLRequest', algorithm = algorithms.rsaSha256, relayState } = more;
  const text = [
    `${kind}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`,
    ...(relayState === undefined ? [] : [`RelayState=${encodeURIComponent(relayState)}`]),
    `SigAlg=${encodeURIComponent(algorithm)}`,
  ].join('&');
  const privateKey = createPrivateKey(key.privateKeyPem);
  const signature = sign('sha256', Buffer.from(text), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${text}&Signature=${encodeURIComponent(signature.toString('base64'))}`;
}

/** What a page of the HTTP-POST binding would send, and where. */
export function readForm(html: string) {
  const unescaped = (text: string) =>
    text
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
  const action = unescaped(/action="([^"]*)"/.exec(html)?.[1] ?? '');
  const field = (name: string) => {
    const found = new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1];
    return found === undefined ? undefined : unescaped(found);
  };
  const encoded = field('SAMLResponse') ?? field('SAMLRequest') ?? '';
  return {
    action,
    relayState: field('RelayState'),
    xml: Buffer.from(encoded, 'base64').toString('utf8'),
  };
}

/** Whether samlify, which only verifies here, believes a message of ours; and the assertion that it read. */
export function verifiedBySamlify(xml: string, certificate: string): string | undefined {
  const metadata = { getX509Certificate: () => certificate };
  // It asks for whole metadata, and of it for the certificate.
  const [verified, assertion] = SamlLib.verifySignature(xml, { metadata: metadata as never });
  return verified ? (assertion ?? '') : undefined;
}

/** The decrypted response, by samlify. */
export async function decryptedBySamlify(xml: string, key: SamlKey): Promise<string> {
  const own = { entitySetting: { encPrivateKey: key.privateKeyPem } };
  const [decrypted] = await SamlLib.decryptAssertion(own as never, xml); // as above
  return decrypted;
}

/** The first element of this name anywhere, for looking into answers. */
export function find(xml: string | XmlElement, local: string): XmlElement | undefined {
  const root = typeof xml === 'string' ? parseXml(xml, { charsMax: 1_000_000 }) : xml;
  for (const element of withDescendants(root)) if (element.local === local) return element;
  return undefined;
}

/** The codes of a message's status, the outer one first. */
export const statusCodes = (xml: string) => {
  const outer = find(xml, 'StatusCode');
  const inner = outer?.children[0];
  const codes = [outer, typeof inner === 'string' ? undefined : inner];
  return codes.flatMap((code) => (code ? [attributeOf(code, 'Value')] : []));
};
/** The text of the first element of this name. */
export const text = (xml: string, name: string) => {
  const found = find(xml, name);
  return found && textOf(found);
};

/** A `<LogoutResponse>` of the wiki in text. */
export function logoutResponse(inResponseTo: string, issuer = 'https://wiki.example'): string {
  return `<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${newId()}" Version="2.0" IssueInstant="${new Date().toISOString()}" Destination="${sloUrl}" InResponseTo="${inResponseTo}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>`;
}

/** A tool that takes SOAP, and what it answers in turn: text as it stands, or a `LogoutResponse`. */
export function soapTool(answers: string[]) {
  const asked: string[] = [];
  const answer = async (sent: { readonly url: string; readonly envelope: string }) => {
    asked.push(sent.envelope);
    const id = attributeOf(find(sent.envelope, 'LogoutRequest')!, 'ID')!;
    const now = answers.shift() ?? '';
    if (now === '' || now.startsWith('<')) return now;
    const inResponseTo = now === 'to-another' ? newId() : id;
    const response = logoutResponse(inResponseTo, 'https://crm.example/saml');
    return inEnvelope(
      now === 'failed' ? response.replace('status:Success', 'status:Responder') : response,
    );
  };
  return { asked, answer };
}

/** A message out of a query. */
export const inflated = (base64: string): string =>
  inflateRawSync(Buffer.from(base64, 'base64')).toString();
