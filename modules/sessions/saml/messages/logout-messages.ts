import type { NameIdKind } from '../domain/name-id-format.ts';
import { nameIdFormats, ns, statuses, type StatusName } from '../names.ts';
import { SamlRefused } from '../saml-refused.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { attributeOf, childOf, childrenOf, textOf } from '../xml/read-xml.ts';
import { element } from '../xml/write-xml.ts';
import { readHead, refusingXml, type MessageHead } from './message-head.ts';
import { readInstant, writeInstant } from './simple-types.ts';
import { statusElement, type ResponseHead } from './write-response.ts';

/** A `<LogoutRequest>` (saml-core-2.0-os §3.7.1). */
export interface LogoutRequest extends MessageHead {
  readonly nameId: string;
  readonly sessionIndexes: readonly string[];
}

/** A `<LogoutResponse>` (saml-core-2.0-os §3.7.2). */
export interface LogoutResponse extends MessageHead {
  readonly inResponseTo: string;
  readonly isSuccess: boolean;
}

const sessionIndexesMax = 20;

/** @throws SamlRefused */
export function readLogoutRequest(root: XmlElement, nowMs: number): LogoutRequest {
  return refusingXml(() => {
    const head = readHead(root, 'LogoutRequest');
    const named = childOf(root, ns.assertion, 'NameID');
    // Encrypted names are not offered: our names are random.
    if (!named) throw new SamlRefused('name-id');
    const end = attributeOf(root, 'NotOnOrAfter');
    if (end !== undefined && readInstant(end) <= nowMs) throw new SamlRefused('in-time');
    const sessionIndexes = childrenOf(root, ns.protocol, 'SessionIndex').map(textOf);
    if (sessionIndexes.length > sessionIndexesMax) throw new SamlRefused('session-indexes');
    return { ...head, nameId: textOf(named), sessionIndexes };
  });
}

/** @throws SamlRefused */
export function readLogoutResponse(root: XmlElement): LogoutResponse {
  return refusingXml(() => {
    const status = childOf(root, ns.protocol, 'Status');
    const code = status && childOf(status, ns.protocol, 'StatusCode');
    const second = code && childOf(code, ns.protocol, 'StatusCode');
    return {
      ...readHead(root, 'LogoutResponse'),
      inResponseTo: attributeOf(root, 'InResponseTo') ?? '',
      isSuccess:
        code !== undefined &&
        attributeOf(code, 'Value') === statuses.success[0] &&
        // A success that is a partial one leaves something behind.
        (second === undefined || attributeOf(second, 'Value') !== statuses.partialLogout[1]),
    };
  });
}

const names = { 'xmlns:samlp': ns.protocol, 'xmlns:saml': ns.assertion };

type Head = Omit<ResponseHead, 'inResponseTo'>;

const headOf = (head: Head) => ({
  ...names,
  ID: head.id,
  Version: '2.0',
  IssueInstant: writeInstant(head.nowMs),
  Destination: head.destination,
});

/** Whose session at a service provider is over. */
export interface LoggedOut {
  readonly audience: string;
  readonly nameId: string;
  readonly nameIdKind: NameIdKind;
  readonly sessionIndex: string;
}

/** Unsigned: the binding signs. */
export function writeLogoutRequest(head: Head, of: LoggedOut): string {
  const pairwise = of.nameIdKind === 'persistent';
  return element(
    'samlp:LogoutRequest',
    { ...headOf(head), NotOnOrAfter: writeInstant(head.nowMs + 5 * 60_000) },
    element('saml:Issuer', {}, head.issuer),
    element(
      'saml:NameID',
      {
        Format: nameIdFormats[of.nameIdKind],
        NameQualifier: pairwise ? head.issuer : undefined,
        SPNameQualifier: pairwise ? of.audience : undefined,
      },
      of.nameId,
    ),
    element('samlp:SessionIndex', {}, of.sessionIndex),
  ).xml;
}

/** Unsigned: the binding signs. */
export function writeLogoutResponse(head: ResponseHead, status: StatusName): string {
  return element(
    'samlp:LogoutResponse',
    { ...headOf(head), InResponseTo: head.inResponseTo },
    element('saml:Issuer', {}, head.issuer),
    statusElement(status),
  ).xml;
}
