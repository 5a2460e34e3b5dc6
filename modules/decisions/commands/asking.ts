import type { Id } from '@proofline/kernel';
import type { EvidenceDraft } from '@proofline/ledger';
import { decisionLinks, type DecisionLinks } from '../domain/decision-draft.ts';
import type { Asking } from '../domain/prepared.ts';
import type { MadeDecision } from '../store/decision-rows.ts';
import { decisionOf } from './decision-of.ts';

/** The entry of what was asked, with who asked and why they might. */
export function withAsker(draft: EvidenceDraft, { permit, decisionId }: Asking): EvidenceDraft {
  const { input, evaluated, gathered, release } = permit;
  const { outcome, defaulted } = evaluated;
  const causes = [...gathered.known.values()].flatMap((facts) => facts.causes ?? []);
  return {
    ...draft,
    causes: [...new Set([...(draft.causes ?? []), ...causes])].toSorted(),
    refs: { ...draft.refs, permitId: decisionId },
    subjects: { ...draft.subjects, asker: input.subject.id },
    facts: {
      ...draft.facts,
      asked: {
        action: input.action,
        policies: outcome.determining.toSorted(),
        ...(gathered.unknown.length > 0 && { unknownFacts: gathered.unknown }),
        ...(defaulted.length > 0 && { defaultedFacts: defaulted }),
        release: { ...release },
      },
    },
  };
}

/** What a decision is found by, with who asked for it: they alone say what became of it. */
export function linksWithAsker(links: DecisionLinks, asking: Asking | undefined): DecisionLinks {
  if (!asking) return links;
  return { ...links, subjects: { ...links.subjects, asker: asking.permit.input.subject.id } };
}

/** The permit as a decision, under the entry that tells of it. */
export function permitOf(
  { permit, decisionId }: Asking,
  at: { readonly evidenceId: Id<'evt'>; readonly decidedAt: Date },
): MadeDecision {
  const { input, evaluated, gathered } = permit;
  return {
    input,
    decision: decisionOf(permit, { decisionId, ...at }),
    question: evaluated.question,
    links: decisionLinks(decisionId, input, gathered),
    decidedAt: at.decidedAt,
  };
}
