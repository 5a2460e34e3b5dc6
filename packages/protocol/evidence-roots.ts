import { z } from 'zod';
import type { EvidenceKind } from './evidence.ts';

/**
 * Entries by which somebody proved who they are: a subject by a passkey over a challenge of ours, a program
 * by the key that its registration names. Behind every permitted action there is one of them.
 */
export const identityProofKinds: readonly EvidenceKind[] = [
  'session.started',
  'session.raised',
  'session.unlocked',
  'proof.bound',
  'sign-in-request.allowed',
  'service.configured',
  'service.registered',
];

/**
 * How what an entry tells of came out, as a search asks for it: decisions, what enforcement points
 * reported, and the kinds that tell of a refusal.
 */
export const evidenceOutcomes = {
  permit: 'Permitted',
  deny: 'Not permitted',
  completed: 'Carried out',
  'upstream-refused': 'Refused by the guarded system',
  'upstream-failed': 'Failed in the guarded system',
  refused: 'Refused',
} as const;

/** The names of {@link evidenceOutcomes}, for iteration. */
// `Object.keys` forgets the literal type that it was given.
export const evidenceOutcomeNames = Object.keys(evidenceOutcomes) as EvidenceOutcome[];
/** One of {@link evidenceOutcomes}. */
export type EvidenceOutcome = keyof typeof evidenceOutcomes;
/** One of {@link evidenceOutcomes}. */
export const EvidenceOutcome = z.enum(evidenceOutcomeNames);
