import { nameIdFormats, ns, statuses, type StatusName } from '../names.ts';
import type { NameIdKind } from '../domain/name-id-format.ts';
import type { SamlKey } from '../signing-keys.ts';
import { element, type Written } from '../xml/write-xml.ts';
import { encryptAssertion } from './encrypt-assertion.ts';
import { signXml } from './sign-xml.ts';
import { writeInstant } from './simple-types.ts';

/** Whom an answer is for, and what it answers. */
export interface ResponseHead {
  /** `_` and 128 random bits or more, each used once. */
  readonly id: string;
  readonly issuer: string;
  readonly destination: string;
  readonly inResponseTo: string;
  readonly nowMs: number;
}

/** What is said of a person (saml-core-2.0-os §2.3.3), to one service provider. */
export interface AssertionContent {
  readonly id: string;
  readonly audience: string;
  readonly nameId: string;
  readonly nameIdKind: NameIdKind;
  readonly sessionIndex: string;
  readonly contextClass: string;
  readonly authenticatedAtMs: number;
  readonly sessionEndsAtMs: number;
  readonly attributes: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** An assertion is taken from the browser to the service provider, and no longer believed afterwards. */
const assertionLifeMs = 2 * 60_000;
/** Another clock may be behind ours. */
const clockSkewMs = 60_000;

const protocolNames = { 'xmlns:samlp': ns.protocol, 'xmlns:saml': ns.assertion };

export function statusElement(name: StatusName): Written {
  const [top, second] = statuses[name];
  return element(
    'samlp:Status',
    {},
    element(
      'samlp:StatusCode',
      { Value: top },
      second && element('samlp:StatusCode', { Value: second }),
    ),
  );
}

function assertionElement(head: ResponseHead, content: AssertionContent): Written {
  const { nowMs, destination, inResponseTo } = head;
  const notOnOrAfter = writeInstant(nowMs + assertionLifeMs);
  const format = nameIdFormats[content.nameIdKind];
  const ofUs = content.nameIdKind === 'persistent';
  const confirmation = { InResponseTo: inResponseTo, NotOnOrAfter: notOnOrAfter };
  return element(
    'saml:Assertion',
    {
      'xmlns:saml': ns.assertion,
      ID: content.id,
      Version: '2.0',
      IssueInstant: writeInstant(nowMs),
    },
    element('saml:Issuer', {}, head.issuer),
    element(
      'saml:Subject',
      {},
      element(
        'saml:NameID',
        {
          Format: format,
          // saml-core-2.0-os §8.3.7: a pairwise name says between whom it is.
          NameQualifier: ofUs ? head.issuer : undefined,
          SPNameQualifier: ofUs ? content.audience : undefined,
        },
        content.nameId,
      ),
      element(
        'saml:SubjectConfirmation',
        { Method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer' },
        element('saml:SubjectConfirmationData', { ...confirmation, Recipient: destination }),
      ),
    ),
    element(
      'saml:Conditions',
      { NotBefore: writeInstant(nowMs - clockSkewMs), NotOnOrAfter: notOnOrAfter },
      element('saml:AudienceRestriction', {}, element('saml:Audience', {}, content.audience)),
    ),
    authnStatement(content),
    attributeStatement(content),
  );
}

function authnStatement(content: AssertionContent): Written {
  return element(
    'saml:AuthnStatement',
    {
      AuthnInstant: writeInstant(content.authenticatedAtMs),
      SessionIndex: content.sessionIndex,
      SessionNotOnOrAfter: writeInstant(content.sessionEndsAtMs),
    },
    element(
      'saml:AuthnContext',
      {},
      element('saml:AuthnContextClassRef', {}, content.contextClass),
    ),
  );
}

function attributeStatement({ attributes }: AssertionContent): Written | undefined {
  if (attributes.length === 0) return undefined;
  const format = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri';
  const written = attributes.map(({ name, values }) =>
    element(
      'saml:Attribute',
      { Name: name, NameFormat: format },
      ...values.map((value) => element('saml:AttributeValue', {}, value)),
    ),
  );
  return element('saml:AttributeStatement', {}, ...written);
}

function responseXml(head: ResponseHead, status: StatusName, assertion?: Written): string {
  return element(
    'samlp:Response',
    {
      ...protocolNames,
      ID: head.id,
      Version: '2.0',
      IssueInstant: writeInstant(head.nowMs),
      Destination: head.destination,
      InResponseTo: head.inResponseTo,
    },
    element('saml:Issuer', {}, head.issuer),
    statusElement(status),
    assertion,
  ).xml;
}

/** The response with its assertion: signed, then encrypted where there is a key for it, then signed whole. */
export async function writeSuccess(
  head: ResponseHead,
  content: AssertionContent,
  keys: { readonly signing: SamlKey; readonly encryption: string | undefined },
): Promise<string> {
  const xml = responseXml(head, 'success', assertionElement(head, content));
  const signed = signXml(xml, 'Assertion', keys.signing);
  const sealed =
    keys.encryption === undefined ? signed : await encryptAssertion(signed, keys.encryption);
  return signXml(sealed, 'Response', keys.signing);
}

/** A signed response that says why there is no assertion. */
export function writeFailure(head: ResponseHead, status: StatusName, key: SamlKey): string {
  return signXml(responseXml(head, status), 'Response', key);
}
