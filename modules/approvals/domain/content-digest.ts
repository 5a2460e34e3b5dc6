import { canonicalJson, type Json } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { AccessRequestDesk } from '@proofline/decisions';
import type { ApprovalContent } from '@proofline/protocol';

/** The canonical text of a content: what is shown, kept, and hashed. */
export function contentText({ interactionId, action, resource, body }: AnyContent): string {
  return canonicalJson({
    interactionId,
    action,
    resource: { type: resource.type, id: resource.id },
    // zod's JSON is JSON; its type is merely spelled differently.
    body: body as Json,
  });
}

/** Of any action: that it is one of ours is for others to say. */
type AnyContent = Omit<ApprovalContent, 'action' | 'body'> & {
  readonly action: string;
  readonly body: object;
};

/** SHA-256 of the content, base64url: the same at the enforcement point that carries it out. */
export function contentDigest(content: AnyContent): string {
  return sha256Base64url(contentText(content));
}

/** The same of what an enforcement point asks for. */
export const digestOfAsked: AccessRequestDesk['digestOf'] = ({ action, resource, content }) => {
  const { interactionId, body } = content;
  return contentDigest({ interactionId, action, resource, body });
};
