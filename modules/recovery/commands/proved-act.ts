import type { Id, Json } from '@proofline/kernel';
import type { ProblemCode } from '@proofline/protocol';
import type { CodeSeal } from '../domain/code-seal.ts';
import type { OwnActContext } from '../domain/own-act.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { Touch } from './cancel-recovery.ts';
import type { LaidBy } from './laid-by.ts';

/** An act with the genuine proof of one of the customer's own passkeys. */
export interface Proved {
  readonly signed: OwnActContext;
  /** Only of a code that is to be kept. */
  readonly seal: CodeSeal | undefined;
  readonly authenticatorId: Id<'ath'>;
  /** Only of one that is to be accepted: what it was shortly before, proved by its entry. */
  readonly invitation: InvitationRow | undefined;
  /** Of whomever the act changes something for. */
  readonly laidBy: LaidBy;
  /** The entry of the passkey that signed. */
  readonly causes: readonly Id<'evt'>[];
  /** What was signed and by which key: whoever doubts it verifies it again, without us. */
  readonly proof: Readonly<Record<string, Json>>;
}

/** What came of an act, in its transaction. */
export interface Done {
  readonly evidenceId?: Id<'evt'>;
  /** What cancels whatever is under way. */
  readonly touch?: Touch;
  readonly invitation?: { readonly link: string; readonly expiresAt: string };
}

/** Why nothing came of it: what the evidence says, and what the person is told. */
export interface NotDone {
  readonly because: string;
  readonly code?: ProblemCode;
}
