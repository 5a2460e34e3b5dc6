import {
  caseTypes,
  dataCategories,
  refusalText,
  roles,
  type FieldInWords,
  type FieldPlan,
} from '@proofline/protocol';
import { decide, permits } from './decide.ts';
import type { PolicySet } from './policy-set.ts';
import { factsOf, type Question } from './question.ts';
import { remedies } from './remedies.ts';

/**
 * Why fields of a data category are not shown, or in part only, and what would show them. Rests on the
 * policies and on what is known of the question; nothing of the record is looked at (P9).
 */
export function explainFields(
  set: PolicySet,
  question: Question,
  { visible, masked }: FieldPlan,
): FieldInWords[] {
  return dataCategories
    .filter((category) => !visible.includes(category))
    .map((category) => {
      const context = { ...question.context, category };
      const view = { ...question, action: 'field:view', context };
      return {
        category,
        shown: masked.includes(category) ? 'masked' : 'hidden',
        says: whyNot(set, view),
      };
    });
}

function whyNot(set: PolicySet, view: Question): string {
  const { forbidden, reasons } = decide(set, view);
  if (forbidden) return refusalText({ reasons, remedies: remedies(set, view) });
  const own = typesThatShow(set, view);
  if (own.length > 0) return `Shown in cases of the type ${own.join(', ')}.`;
  const staff = { ...factsOf(view, 'staff'), roles: [...roles] };
  const others = typesThatShow(set, { ...view, context: { ...view.context, staff } });
  return others.length > 0
    ? `Shown to other roles, in cases of the type ${others.join(', ')}.`
    : 'No type of case shows it.';
}

function typesThatShow(set: PolicySet, view: Question): string[] {
  const proof = factsOf(view, 'proof');
  return caseTypes.filter((type) =>
    permits(set, {
      ...view,
      context: {
        ...view.context,
        caseFile: { type, open: true },
        ...(proof && { proof: { ...proof, purpose: type } }),
      },
    }),
  );
}
