import { inflateRawSync } from 'node:zlib';
import { isSignedByOneOf } from '../signature/allowed-algorithms.ts';
import { readBase64 } from '../signature/read-base64.ts';
import { whyNotSigned } from '../signature/verify-enveloped.ts';
import { SamlRefused } from '../saml-refused.ts';
import { parseXml, XmlRefused, type XmlElement } from '../xml/parse-xml.ts';
import { readRedirectQuery } from './read-query.ts';

/** As long as a message may be, before and after it is inflated. */
export const messageMaxChars = 48 * 1024;
/** saml-bindings-2.0-os §3.4.3 says 80 bytes; deployed service providers put whole addresses there. */
export const relayStateMaxChars = 512;

/** A message of either binding: read, not yet believed. */
export interface ReceivedMessage {
  readonly kind: 'SAMLRequest' | 'SAMLResponse';
  readonly binding: 'redirect' | 'post';
  readonly root: XmlElement;
  readonly relayState?: string;
  readonly isSigned: boolean;
  /** Why it is not signed by one of these; `undefined`: it is. */
  whyNotSignedBy(certificates: readonly string[]): string | undefined;
}

/** Parses, with the parser's reason as the internal one. @throws SamlRefused */
export function readXml(text: string): XmlElement {
  try {
    return parseXml(text, { charsMax: messageMaxChars });
  } catch (error) {
    throw error instanceof XmlRefused ? new SamlRefused('xml', error.internal) : error;
  }
}

function checkedRelayState(relayState: string | undefined) {
  if (relayState === undefined) return {};
  if (relayState.length > relayStateMaxChars) throw new SamlRefused('relay-state-size');
  return { relayState };
}

function inflated(base64: string): string {
  const bytes = base64.length > messageMaxChars ? undefined : readBase64(base64);
  if (!bytes) throw new SamlRefused('encoding');
  try {
    // The bound stops a bomb: a few bytes that would inflate to gigabytes.
    return inflateRawSync(bytes, { maxOutputLength: messageMaxChars }).toString('utf8');
  } catch {
    throw new SamlRefused('encoding');
  }
}

/** A message in a query (saml-bindings-2.0-os §3.4). @throws SamlRefused */
export function readRedirectMessage(query: string): ReceivedMessage {
  const read = readRedirectQuery(query);
  if (!read) throw new SamlRefused('query');
  const root = readXml(inflated(read.message));
  const { signature } = read;
  return {
    kind: read.kind,
    binding: 'redirect',
    root,
    ...checkedRelayState(read.relayState),
    isSigned: signature !== undefined,
    whyNotSignedBy(certificates) {
      const value = signature && readBase64(signature.value);
      if (!signature || !value) return 'no-signature';
      const { algorithm, text } = signature;
      const isSigned = isSignedByOneOf(certificates, { algorithm, text, signature: value });
      return isSigned ? undefined : 'signature';
    },
  };
}

/** A message in a form (saml-bindings-2.0-os §3.5). @throws SamlRefused */
export function readPostMessage(form: URLSearchParams): ReceivedMessage {
  const names = [...form.keys()];
  if (new Set(names).size !== names.length) throw new SamlRefused('query');
  const [request, response] = [form.get('SAMLRequest'), form.get('SAMLResponse')];
  const text = request ?? response ?? '';
  if ((request === null) === (response === null)) throw new SamlRefused('query');
  const bytes = text.length > messageMaxChars ? undefined : readBase64(text);
  if (!bytes) throw new SamlRefused('encoding');
  const root = readXml(bytes.toString('utf8'));
  return {
    kind: request === null ? 'SAMLResponse' : 'SAMLRequest',
    binding: 'post',
    root,
    ...checkedRelayState(form.get('RelayState') || undefined),
    isSigned: root.children.some(
      (child) => typeof child !== 'string' && child.local === 'Signature',
    ),
    whyNotSignedBy(certificates) {
      try {
        return whyNotSigned(root, certificates);
      } catch (error) {
        if (error instanceof XmlRefused) return error.internal;
        throw error;
      }
    },
  };
}
