import { ns } from '../names.ts';
import { SamlRefused } from '../saml-refused.ts';
import { parseXml, type XmlElement } from '../xml/parse-xml.ts';
import { childOf, isElement } from '../xml/read-xml.ts';
import { refusingXml } from './message-head.ts';

/** As long as an answer to a message of ours may be. */
export const soapAnswerMaxBytes = 40_000;

/** A signed message in the body of a SOAP 1.1 envelope (saml-bindings-2.0-os §3.2). */
export function inEnvelope(signedXml: string): string {
  return `<S:Envelope xmlns:S="${ns.soap}"><S:Body>${signedXml}</S:Body></S:Envelope>`;
}

/** The one message in a SOAP 1.1 envelope; a fault is none. @throws SamlRefused */
export function messageInEnvelope(xml: string): XmlElement {
  return refusingXml(() => {
    const root = parseXml(xml, { charsMax: soapAnswerMaxBytes });
    const body = childOf(root, ns.soap, 'Body');
    if (root.namespace !== ns.soap || root.local !== 'Envelope' || !body) {
      throw new SamlRefused('envelope');
    }
    const [message, second] = body.children.filter(isElement);
    if (!message || second) throw new SamlRefused('envelope');
    return message;
  });
}
