import type { Id } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import type { Prepared } from '../domain/prepared.ts';

/** What is answered: what the policies said, and the entry that tells of it. */
export function decisionOf(
  { input, evaluated, release }: Prepared,
  at: { readonly decisionId: Id<'dec'>; readonly evidenceId: Id<'evt'>; readonly decidedAt: Date },
): Decision {
  const { outcome, remedies, obligations, defaulted } = evaluated;
  return {
    decisionId: at.decisionId,
    evidenceId: at.evidenceId,
    effect: outcome.effect,
    forbidden: outcome.forbidden,
    action: input.action,
    resource: { type: input.resource.type, id: input.resource.id },
    reasons: [...outcome.reasons],
    remedies: [...remedies],
    obligations,
    release,
    decidedAt: at.decidedAt.toISOString(),
    ...(defaulted.length > 0 && { defaulted: [...defaulted] }),
  };
}
