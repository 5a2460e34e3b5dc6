import type { Id } from '@proofline/kernel';
import type { ReleaseRef } from '@proofline/protocol';
import type { DecisionInput, Facts } from '../types.ts';
import type { Evaluated } from './evaluate.ts';
import type { GatheredFacts } from './gather-facts.ts';

/** A question with its facts and what the policies make of it; nothing is recorded yet. */
export interface Prepared {
  readonly input: DecisionInput;
  readonly gathered: GatheredFacts;
  readonly evaluated: Evaluated;
  readonly release: ReleaseRef;
  /** Single-use facts that the permit would use up. */
  readonly used: readonly Facts[];
  /** The service that asked, where its permit is told of here. */
  readonly asking?: Asking;
  /** Where it was given out before it is recorded. */
  readonly decisionId?: Id<'dec'>;
}

/**
 * That a service asked, and the permit to ask. What was asked tells of it in its own entry: who asks
 * the PDP all day would else fill half of the log with being permitted to (ADR 0013).
 */
export interface Asking {
  readonly permit: Prepared;
  readonly decisionId: Id<'dec'>;
  /** Whether the permit is still to be written as a decision, together with what tells of it. */
  readonly isNew: boolean;
}

/** The permit to ask of one request: told of by what is recorded first. */
export interface AskingState {
  readonly permit: Prepared;
  asking(): Asking;
  /** It is written. */
  recorded(): void;
}

/** A permit that was given, and when it was last known that what it rests on lives. */
export interface Rested {
  readonly input: DecisionInput;
  /** The facts of then: fact name → members. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly atMs: number;
}
