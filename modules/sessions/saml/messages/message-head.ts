import { nameIdFormats, ns } from '../names.ts';
import { SamlRefused } from '../saml-refused.ts';
import { XmlRefused, type XmlElement } from '../xml/parse-xml.ts';
import { attributeOf, childOf, textOf } from '../xml/read-xml.ts';
import { readInstant } from './simple-types.ts';

/** What every protocol message begins with (saml-core-2.0-os §3.2.1). */
export interface MessageHead {
  readonly id: string;
  readonly version: string;
  readonly issuedAtMs: number;
  readonly destination?: string;
  readonly issuer: string;
}

/** Bounded, and of a form that can stand in an answer. */
const ID = /^[A-Za-z_][A-Za-z0-9._-]{7,127}$/;
export const entityIdMaxChars = 1024;

/** What the XML reader refuses, as a refusal of the message. @throws SamlRefused */
export function refusingXml<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof XmlRefused ? new SamlRefused('xml', error.internal) : error;
  }
}

/** @throws SamlRefused, XmlRefused */
export function readHead(root: XmlElement, name: string): MessageHead {
  if (root.namespace !== ns.protocol || root.local !== name) throw new SamlRefused('kind');
  const id = attributeOf(root, 'ID') ?? '';
  if (!ID.test(id)) throw new SamlRefused('id');
  const issuer = childOf(root, ns.assertion, 'Issuer');
  const format = issuer && attributeOf(issuer, 'Format');
  const entityId = issuer ? textOf(issuer) : '';
  const isEntity = format === undefined || format === nameIdFormats.entity;
  if (entityId === '' || entityId.length > entityIdMaxChars || !isEntity) {
    throw new SamlRefused('issuer');
  }
  const destination = attributeOf(root, 'Destination');
  return {
    id,
    version: attributeOf(root, 'Version') ?? '',
    issuedAtMs: readInstant(attributeOf(root, 'IssueInstant')),
    ...(destination === undefined ? {} : { destination }),
    issuer: entityId,
  };
}
