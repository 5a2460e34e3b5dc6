import type { AssertionResult, CeremonyRefusal } from '@proofline/assurance';
import type { Id, Result } from '@proofline/kernel';
import type { InteractionState } from './interaction-state.ts';
import type { ProofRequestState } from './proof-request-state.ts';

/** How long a customer may take to answer. */
export const PROOF_REQUEST_MS = 120_000;
/** How many messages a customer is sent within an hour, and how often an agent may ask for one account. */
export const ASKS_PER_HOUR_MAX = 3;
/** How often one call may ask at all. */
export const ASKS_PER_CALL_MAX = 10;
/** How many wrong codes one call may try. */
export const WRONG_CODES_PER_CALL_MAX = 5;
/** The hour of {@link ASKS_PER_HOUR_MAX}. */
export const ASKS_WINDOW_MS = 60 * 60 * 1000;

/** The call, as every phase sees it. */
export interface CallFacts {
  readonly nowMs: number;
  /** `undefined`: there is no such call. */
  readonly call:
    | { readonly state: InteractionState; readonly agentId: Id<'stf'>; readonly wrongCodes: number }
    | undefined;
}

/** What is known when somebody asks for a proof. */
export interface AskFacts extends CallFacts {
  readonly askedBy: Id<'stf'>;
  readonly callHasOpenRequest: boolean;
  readonly asksOnThisCall: number;
  /** How often this agent typed this account number within the hour, whether or not it exists. */
  readonly asksForThisAccount: number;
  /** Who was proved on this call before. */
  readonly proved:
    | { readonly customerId: Id<'cus'>; readonly accountNumber: string | undefined }
    | undefined;
  /** What the agent typed; only when the agent started. */
  readonly accountNumber: string | undefined;
  /** Whether a live, unclaimed code was given; only when the customer started. */
  readonly codeIsWaiting: boolean;
  /** Whom the account number or the code leads to. */
  readonly customer: AskedCustomer | undefined;
}

export interface AskedCustomer {
  readonly customerId: Id<'cus'>;
  readonly hasContact: boolean;
  readonly hasPasskey: boolean;
  readonly hasOpenRequest: boolean;
  /** Only what agents started: what the customer starts by a call code must not be used up by others. */
  readonly asksWithinHour: number;
}

/** What is known when the customer's page opens a request or answers it. */
export interface RequestFacts extends CallFacts {
  readonly request: { readonly state: ProofRequestState; readonly expiresAt: Date };
}

/** … when it asks for the passkey prompt. */
export interface OpenFacts extends RequestFacts {
  readonly matchingNumber: string | null;
  readonly numberGiven: string | undefined;
}

/** … when it sends the assertion. */
export interface AnswerFacts extends RequestFacts {
  readonly ceremonyIssued: string | null;
  readonly ceremonyGiven: string;
  readonly provedCustomer: Id<'cus'> | undefined;
  readonly askedCustomer: Id<'cus'> | undefined;
  /** `undefined`: no credential of the customer who was asked has this id. */
  readonly assertion: Result<AssertionResult, CeremonyRefusal> | undefined;
}
