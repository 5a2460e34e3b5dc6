import type { Id, JsonObject } from '@proofline/kernel';
import type { AccessTaskStatus, ResourceRef } from '@proofline/protocol';
import type { DecisionInput } from '../types.ts';

/** What an enforcement point asks for, its denial verified. */
export interface AccessRequestInput {
  /** The service that asks, and the entry of its permit to ask. */
  readonly by: { readonly serviceId: string; readonly evidenceId: Id<'evt'> };
  readonly denial: { readonly evaluationId: Id<'dec'>; readonly evidenceId: Id<'evt'> };
  /** Who was denied, in which session: the approval is for them. */
  readonly subject: DecisionInput['subject'];
  readonly sessionId: Id<'ses'> | undefined;
  readonly action: string;
  readonly resource: ResourceRef;
  /** The digest that was denied: the content must have it. */
  readonly contentDigest: string;
  readonly content: {
    readonly interactionId: Id<'int'>;
    readonly body: JsonObject;
    readonly justification: string | undefined;
  };
  readonly idempotencyKey: string | undefined;
  /** SHA-256 of the canonical submission: what an idempotency key stands for. */
  readonly submissionDigest: string;
}

/** Where an access request stands. */
export interface AccessTaskState {
  readonly taskId: Id<'arq'>;
  readonly status: AccessTaskStatus;
  readonly expiresAt: Date;
  /** Present once it is approved. It opens nothing by itself: the PDP looks again. */
  readonly approval?: {
    readonly id: string;
    readonly approvedAt: Date;
    readonly approvedUntil: Date;
  };
}

/** An approval that somebody brings along to an evaluation. */
export interface PresentedApproval {
  readonly approvalId: string;
  readonly input: DecisionInput;
  /** The decision on that evaluation. */
  readonly decisionId: Id<'dec'>;
}

/**
 * How a presented approval stands: `carried` this very decision, `applies` and was not enough, is
 * `over` (expired, used, revoked), is `out-of-scope` (of another action, resource or content), or is
 * not one that can be verified for this subject.
 */
export interface ApprovalReview {
  readonly standing: 'carried' | 'applies' | 'over' | 'out-of-scope' | 'unknown';
  readonly approvedUntil?: Date;
}

/**
 * Who runs the approvals (AuthZEN Access Request and Approval profile: Access Request Service). A room
 * above registers itself at composition; without one, nothing can be asked for and nothing says so.
 */
export interface AccessRequestDesk {
  /**
   * Opens a request, or answers the one that this denial or this idempotency key has opened already.
   *
   * @throws ProblemError `access-request.not-requestable`, `.invalid-binding`, `.duplicate`,
   *   `request.too-large`, `request.too-many`
   */
  submit(input: AccessRequestInput): Promise<AccessTaskState>;
  /** `undefined`: this service has sent none of this id. */
  find(of: {
    readonly taskId: Id<'arq'>;
    readonly serviceId: string;
  }): Promise<AccessTaskState | undefined>;
  review(presented: PresentedApproval): Promise<ApprovalReview>;
}
