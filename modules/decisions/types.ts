import type { Columns, RowFilter } from '@proofline/cedar';
import type { Id, JsonObject } from '@proofline/kernel';
import type { Action, Capability, FieldInWords, Decision, ResourceRef } from '@proofline/protocol';
import type { Db } from '@proofline/storage';

/** A question to the PDP. */
export interface DecisionInput {
  /** `Staff` or `Service`, or a type that only the schema of the policies declares. */
  readonly subject: { readonly type: string; readonly id: string };
  /** The session that the subject acts in; staff without a live one is permitted nothing. */
  readonly sessionId?: Id<'ses'>;
  /** One of the contract's, or one that only the schema of the policies declares. */
  readonly action: string;
  readonly resource: ResourceRef;
  /** The grant that a request at the gateway came with. */
  readonly grantId?: Id<'grt'>;
  /**
   * Who acts for the subject, as its token says: whoever acts now first. What was issued counts; whoever
   * is named besides makes it narrower only. Absent: nobody said.
   */
  readonly acting?: readonly string[];
  /** A service, by its key, that asks to act as well: between two APIs, for the next grant of a chain. */
  readonly joining?: {
    readonly serviceId: Id<'svc'>;
    readonly kid: string;
    readonly calledAt: string;
    readonly goesTo: string;
  };
  /** An enforcement point asks it, for what it is about to do: it counts. Set by this module alone. */
  readonly counts?: true;
  /** The call that it is about, where neither the grant nor the resource says so (a preview). */
  readonly interactionId?: Id<'int'>;
  /** What the request itself says; becomes `context.request`. */
  readonly request?: {
    readonly amountCents?: number;
    readonly reasonCode?: string;
    /** SHA-256 of the canonical content, which an approval must match. */
    readonly contentDigest?: string;
    /** An approval that is brought along: then no other one counts. */
    readonly approvalId?: string;
  };
  /**
   * Facts from the enforcement point itself, about subjects and records that no module here owns:
   * `context.subject`, `.action`, `.resource` and `.environment`, as far as the schema declares them.
   * Only for actions that are not the contract's.
   */
  readonly told?: Readonly<Partial<Record<ToldFacts, JsonObject>>>;
  /** Types of obligations that the enforcement point can carry out; absent: nothing is known of it. */
  readonly supportedObligations?: readonly string[];
}

/** Names of the facts that an enforcement point itself may tell. */
export const toldFacts = ['subject', 'action', 'resource', 'environment'] as const;
/** One of {@link toldFacts}. */
export type ToldFacts = (typeof toldFacts)[number];

/** What one provider knows about a question: becomes `context.<provider name>`. */
export interface Facts {
  /** Members as the Cedar schema declares them. Absent members narrow (P7). */
  readonly values: JsonObject;
  /** Evidence entries that these facts rest on; become causes of the decision's entry. */
  readonly causes?: readonly Id<'evt'>[];
  /** Searchable ids for the decision's entry. */
  readonly refs?: Readonly<Record<string, string>>;
  /** Subject ids for the decision's entry, by role (`customer`). */
  readonly subjects?: Readonly<Record<string, string>>;
  /**
   * Runs in the decision's transaction when it is a permit that would not be one without these
   * facts (single use). Throws {@link FactsSpent} when they were used up meanwhile: the question is
   * then decided anew on fresh facts.
   */
  readonly onPermit?: (tx: Db, decision: DecisionStub) => Promise<void>;
  /** Told once what {@link Facts.onPermit} did is committed. Never throws, never waits. */
  readonly onRecorded?: () => void;
}

export interface DecisionStub {
  readonly decisionId: Id<'dec'>;
  readonly evidenceId: Id<'evt'>;
}

/** Thrown by {@link Facts.onPermit}: somebody else used these facts up first. */
export class FactsSpent extends Error {
  override readonly name = 'FactsSpent';
}

/** A policy information point, registered by its owner at composition. */
export interface FactsProvider {
  /** The member of `context` that it fills: `staff`, `session`, `interaction`, `proof`, `grant`, … */
  readonly name: string;
  /**
   * `undefined`: nothing is known, hence nothing is opened by it. Has its own time limit (500 ms).
   *
   * All providers of one gathering get the same object, and no other gathering gets it: what several
   * facts of one owner rest on may be looked up once for it.
   *
   * May look at the action only together with the grant or the content digest, or where a program asks:
   * a preview of several actions without these gathers once for all of them.
   */
  gather(input: DecisionInput): Promise<Facts | undefined>;
  /**
   * What counts where it does not answer in time, for facts whose absence would open something: that nobody
   * knows who acts must not be read as that nobody does (P7).
   */
  readonly whenLate?: JsonObject;
}

/** The PDP as other modules and the edge use it. */
export interface Decider {
  /** Decides, records the evidence, and (medium and high tier) waits until that is durable. */
  decide(input: DecisionInput): Promise<Decision>;
  /** {@link decide}, throwing `access.denied` or `access.step-up` with reasons and remedies. */
  require(input: DecisionInput): Promise<Decision>;
  /**
   * What would be decided, for controls on a screen: no evidence, nothing is used up.
   *
   * A control stands there before the details are known, so what the act itself will bring is
   * supposed: a grant (without `grantId`) and the smallest amount (without `amountCents`). With the
   * resource id `*`, each action is asked about the type of resource that its own route acts on.
   */
  preview(input: Omit<DecisionInput, 'action'>, actions: readonly Action[]): Promise<Capability[]>;
  /** Which data categories of a record would be masked or hidden now, and why, in words. */
  previewFields(input: DecisionInput): Promise<FieldInWords[]>;
}

/** The PDP as the edge uses it for questions to the PDP. */
export interface PermitDecider {
  /**
   * {@link Decider.require} for an act that changes nothing but by recording decisions of its own. The
   * permit is handed to the act, and recorded with the first of these or else by itself, before this
   * answers.
   */
  requireFor<T>(input: DecisionInput, act: (permit: object) => Promise<T>): Promise<T>;
}

/** A question about every row of a table at once, for a list. */
export interface RowsInput extends Pick<DecisionInput, 'subject' | 'sessionId' | 'action'> {
  readonly resourceType: ResourceRef['type'];
  /**
   * Names of the facts that do not depend on the row (`staff`, `session`). Everything else that a
   * policy may ask about must be in a column, or nobody sees a row.
   */
  readonly known: readonly string[];
  readonly columns: Columns;
}

/** The PDP as lists use it: a predicate that only ever narrows their query. */
export interface RowDecider {
  /**
   * The rows that the policies permit, as {@link Decider.decide} would of each. Records nothing.
   *
   * @throws ProblemError `access.denied` where the policies make no filter: a nearly right one would
   *   show what nobody decided on. And with its reason, where a switch stops the action.
   */
  rowsPermitted(input: RowsInput): Promise<RowFilter>;
}
