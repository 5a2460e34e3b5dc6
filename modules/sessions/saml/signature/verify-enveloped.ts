import { timingSafeEqual } from 'node:crypto';
import { algorithms, ns } from '../names.ts';
import { canonicalXml } from '../xml/canonical-xml.ts';
import { XmlRefused, type XmlElement } from '../xml/parse-xml.ts';
import {
  attributeOf,
  childOf,
  childrenOf,
  isElement,
  textOf,
  withDescendants,
} from '../xml/read-xml.ts';
import { digestOf, isAllowedSignature, isSignedByOneOf } from './allowed-algorithms.ts';
import { readBase64 } from './read-base64.ts';

/** The parts of the one signature of a message, once their form is known. */
interface Parts {
  readonly root: XmlElement;
  readonly signature: XmlElement;
  readonly signedInfo: XmlElement;
  readonly reference: XmlElement;
  readonly method: string;
  readonly certificates: readonly string[];
}

interface SignatureCheck {
  readonly name: string;
  holds(parts: Parts): boolean;
}

const only = (parent: XmlElement, local: string): XmlElement => {
  const found = childOf(parent, ns.signature, local);
  if (!found) throw new XmlRefused(`no ${local}`);
  return found;
};

const algorithmOf = (parent: XmlElement, local: string): string =>
  attributeOf(only(parent, local), 'Algorithm') ?? '';

const idsOf = (root: XmlElement): string[] =>
  [...withDescendants(root)].flatMap(({ attributes }) =>
    attributes.filter(({ local }) => local.toLowerCase() === 'id').map(({ value }) => value),
  );

const transformsOf = (reference: XmlElement): readonly XmlElement[] =>
  childrenOf(only(reference, 'Transforms'), ns.signature, 'Transform');

function inclusiveOf(method: XmlElement | undefined): readonly string[] {
  const listed = method && childOf(method, algorithms.exclusive, 'InclusiveNamespaces');
  const list = (listed && attributeOf(listed, 'PrefixList')) ?? '';
  return list
    .split(' ')
    .filter(Boolean)
    .map((prefix) => (prefix === '#default' ? '' : prefix));
}

/** In this order; what each protects from stands in its name. */
const checks: readonly SignatureCheck[] = [
  {
    // Wrapping: a second signature, or a signature elsewhere, speaks for something that is not read.
    name: 'one-signature-of-the-root',
    holds: ({ root, signature }) =>
      [...withDescendants(root)].filter(
        ({ local, namespace }) => local === 'Signature' && namespace === ns.signature,
      ).length === 1 && root.children.includes(signature),
  },
  {
    // Wrapping: of two elements with one id, the verifier looks at one and the reader at the other.
    name: 'ids-are-unique',
    holds: ({ root }) => new Set(idsOf(root)).size === idsOf(root).length,
  },
  {
    name: 'only-known-parts',
    holds: ({ signature, signedInfo }) =>
      signature.children.filter(isElement).every(({ namespace, local }) => {
        const known = ['SignedInfo', 'SignatureValue', 'KeyInfo'];
        return namespace === ns.signature && known.includes(local);
      }) && childrenOf(signedInfo, ns.signature, 'Reference').length === 1,
  },
  {
    name: 'reference-is-to-the-root',
    holds: ({ root, reference }) => {
      const id = attributeOf(root, 'ID');
      return id !== undefined && attributeOf(reference, 'URI') === `#${id}`;
    },
  },
  {
    name: 'exclusive-canonical-form',
    holds: ({ signedInfo }) =>
      algorithmOf(signedInfo, 'CanonicalizationMethod') === algorithms.exclusive,
  },
  {
    // A transform is a program of the sender: XSLT and XPath would choose what is digested.
    name: 'transforms-are-the-two',
    holds: ({ reference }) => {
      const listed = transformsOf(reference).map((one) => attributeOf(one, 'Algorithm'));
      return (
        listed.length === 2 &&
        listed[0] === algorithms.enveloped &&
        listed[1] === algorithms.exclusive
      );
    },
  },
  { name: 'signature-algorithm', holds: ({ method }) => isAllowedSignature(method) },
  {
    name: 'digest',
    holds: ({ root, signature, reference }) => {
      const text = canonicalXml(root, {
        without: signature,
        inclusivePrefixes: inclusiveOf(transformsOf(reference)[1]),
      });
      const expected = digestOf(algorithmOf(reference, 'DigestMethod'), text);
      const given = readBase64(textOf(only(reference, 'DigestValue')));
      return (
        expected !== undefined &&
        given?.length === expected.length &&
        timingSafeEqual(expected, given)
      );
    },
  },
  {
    // The key is the registered one; what KeyInfo offers is not looked at.
    name: 'signature',
    holds: ({ signature, signedInfo, method, certificates }) => {
      const value = readBase64(textOf(only(signature, 'SignatureValue')));
      const inclusivePrefixes = inclusiveOf(only(signedInfo, 'CanonicalizationMethod'));
      const text = canonicalXml(signedInfo, { inclusivePrefixes });
      return (
        value !== undefined &&
        isSignedByOneOf(certificates, { algorithm: method, text, signature: value })
      );
    },
  },
];

/**
 * Verifies the enveloped signature of a whole message (saml-core-2.0-os §5.4) over the very tree that
 * is read afterwards. Answers the name of the first check that fails, or `undefined`.
 *
 * @throws XmlRefused where a part is missing, or there twice
 */
export function whyNotSigned(
  root: XmlElement,
  certificates: readonly string[],
): string | undefined {
  const signature = childOf(root, ns.signature, 'Signature');
  if (!signature) return 'no-signature';
  const signedInfo = only(signature, 'SignedInfo');
  const parts: Parts = {
    root,
    signature,
    signedInfo,
    reference: only(signedInfo, 'Reference'),
    method: algorithmOf(signedInfo, 'SignatureMethod'),
    certificates,
  };
  return checks.find((check) => !check.holds(parts))?.name;
}
