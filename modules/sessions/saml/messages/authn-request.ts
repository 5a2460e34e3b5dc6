import { bindings, ns } from '../names.ts';
import { attributeOf, childOf, childrenOf, textOf } from '../xml/read-xml.ts';
import type { XmlElement } from '../xml/parse-xml.ts';
import { readHead, refusingXml, type MessageHead } from './message-head.ts';
import { readFlag, readIndex } from './simple-types.ts';

export const comparisons = ['exact', 'minimum', 'maximum', 'better'] as const;
export type Comparison = (typeof comparisons)[number];

/** Which authentication is asked for (saml-core-2.0-os §3.3.2.2.1). */
export interface RequestedContext {
  /** `undefined`: a comparison that does not exist. */
  readonly comparison: Comparison | undefined;
  readonly classes: readonly string[];
  /** Declarations describe a context of one's own; nobody has any. */
  readonly hasDeclarations: boolean;
}

/** An `<AuthnRequest>` (saml-core-2.0-os §3.4.1), read and not yet checked. */
export interface AuthnRequest extends MessageHead {
  readonly forceAuthn: boolean;
  readonly isPassive: boolean;
  readonly consumerUrl?: string;
  readonly consumerIndex?: number;
  readonly protocolBinding: string;
  readonly nameIdFormat?: string;
  readonly requestedContext?: RequestedContext;
  /** Whether it names the subject, or conditions of its own: neither is taken. */
  readonly asksForMore: boolean;
}

function readContext(root: XmlElement): RequestedContext | undefined {
  const requested = childOf(root, ns.protocol, 'RequestedAuthnContext');
  if (!requested) return undefined;
  const comparison = attributeOf(requested, 'Comparison') ?? 'exact';
  return {
    comparison: comparisons.find((known) => known === comparison),
    classes: childrenOf(requested, ns.assertion, 'AuthnContextClassRef').map(textOf),
    hasDeclarations: childrenOf(requested, ns.assertion, 'AuthnContextDeclRef').length > 0,
  };
}

/** @throws SamlRefused */
export function readAuthnRequest(root: XmlElement): AuthnRequest {
  return refusingXml(() => {
    const consumerUrl = attributeOf(root, 'AssertionConsumerServiceURL');
    const index = attributeOf(root, 'AssertionConsumerServiceIndex');
    const policy = childOf(root, ns.protocol, 'NameIDPolicy');
    const nameIdFormat = policy && attributeOf(policy, 'Format');
    const requestedContext = readContext(root);
    return {
      ...readHead(root, 'AuthnRequest'),
      forceAuthn: readFlag(attributeOf(root, 'ForceAuthn')),
      isPassive: readFlag(attributeOf(root, 'IsPassive')),
      ...(consumerUrl === undefined ? {} : { consumerUrl }),
      ...(index === undefined ? {} : { consumerIndex: readIndex(index) }),
      protocolBinding: attributeOf(root, 'ProtocolBinding') ?? bindings.post,
      ...(nameIdFormat === undefined ? {} : { nameIdFormat }),
      ...(requestedContext && { requestedContext }),
      asksForMore:
        childOf(root, ns.assertion, 'Subject') !== undefined ||
        childOf(root, ns.assertion, 'Conditions') !== undefined,
    };
  });
}
