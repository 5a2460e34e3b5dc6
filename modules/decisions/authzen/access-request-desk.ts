import type { Id, Json, JsonObject } from '@proofline/kernel';
import type { AccessTaskStatus, ResourceRef } from '@proofline/protocol';
import type { DecisionInput } from '../types.ts';

/** What an enforcement point asks for, its denials verified. */
export interface AccessRequestInput {
  /** The service that asks, and the entry of its permit to ask. */
  readonly by: ServiceActing;
  /** Who was denied, in which session: the approvals are for them. */
  readonly subject: DecisionInput['subject'];
  readonly sessionId: Id<'ses'> | undefined;
  /** One or more, each denied by itself. */
  readonly items: readonly AccessRequestItem[];
  /** Whether they came as `items`, also when there is one. */
  readonly isBulk: boolean;
  readonly callback: CallbackWanted | undefined;
  readonly idempotencyKey: string | undefined;
  /** SHA-256 of the canonical submission: what an idempotency key stands for. */
  readonly submissionDigest: string;
}

/** A service in a request of its own. */
export interface ServiceActing {
  readonly serviceId: string;
  readonly evidenceId: Id<'evt'>;
}

/** One thing that is to be approved. */
export interface AccessRequestItem {
  readonly denial: { readonly evaluationId: Id<'dec'>; readonly evidenceId: Id<'evt'> };
  readonly action: string;
  readonly resource: ResourceRef;
  /** The digest that was denied: the content must have it. */
  readonly contentDigest: string;
  readonly content: AccessContent;
}

/** What somebody is to approve, in the words of the enforcement point. */
export interface AccessContent {
  readonly interactionId: Id<'int'>;
  readonly body: JsonObject;
  readonly justification: string | undefined;
}

/** Where, and of what, the end of a task is told. */
export interface CallbackWanted {
  readonly endpoint: string;
  readonly state: Json | undefined;
  /** `undefined`: every end. */
  readonly events: readonly string[] | undefined;
}

/** Where an access request stands. */
export interface AccessTaskState {
  readonly taskId: Id<'arq'>;
  readonly status: AccessTaskStatus;
  /** Until when it can be asked after. */
  readonly expiresAt: Date;
  readonly isBulk: boolean;
  readonly items: readonly AccessItemState[];
}

/** Where one of the things asked for stands. */
export interface AccessItemState {
  readonly action: string;
  readonly resource: ResourceRef;
  readonly status: Exclude<AccessTaskStatus, 'partial'>;
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

/** A task of a service. */
export interface TaskOf {
  readonly taskId: Id<'arq'>;
  readonly serviceId: string;
}

/**
 * Who runs the approvals (AuthZEN Access Request and Approval profile: Access Request Service). A room
 * above registers itself at composition; without one, nothing can be asked for and nothing says so.
 */
export interface AccessRequestDesk {
  /** The digest that a denial of this content was bound to. */
  digestOf(asked: Pick<AccessRequestItem, 'action' | 'resource' | 'content'>): string;
  /**
   * Opens a request, or answers the one that this denial or this idempotency key has opened already.
   *
   * @throws ProblemError `access-request.not-requestable`, `.invalid-binding`, `.duplicate`,
   *   `.callback-refused`, `request.too-large`, `request.too-many`
   */
  submit(input: AccessRequestInput): Promise<AccessTaskState>;
  /** @throws ProblemError `access-request.unknown-task`, `.task-expired` */
  read(of: TaskOf): Promise<AccessTaskState>;
  /**
   * Takes back what nobody has answered yet.
   *
   * @throws ProblemError `access-request.unknown-task`, `.task-expired`, `.invalid-task-state`
   */
  cancel(cancelling: {
    readonly taskId: Id<'arq'>;
    readonly by: ServiceActing;
    readonly reason: string | undefined;
    readonly comment: string | undefined;
  }): Promise<AccessTaskState>;
  review(presented: PresentedApproval): Promise<ApprovalReview>;
}
