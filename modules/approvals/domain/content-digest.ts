import { canonicalJson, type Json } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ApprovalContent } from '@proofline/protocol';

/** The canonical text of a content: what is shown, kept, and hashed. */
export function contentText({ interactionId, action, resource, body }: ApprovalContent): string {
  return canonicalJson({
    interactionId,
    action,
    resource: { type: resource.type, id: resource.id },
    // zod's JSON is JSON; its type is merely spelled differently.
    body: body as Json,
  });
}

/** SHA-256 of the content, base64url: the same at the enforcement point that carries it out. */
export function contentDigest(content: ApprovalContent): string {
  return sha256Base64url(contentText(content));
}
