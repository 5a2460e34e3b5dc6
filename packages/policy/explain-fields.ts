import {
  caseTypes,
  dataCategories,
  refusalText,
  roles,
  type FieldInWords,
  type FieldPlan,
} from '@proofline/protocol';
import { linksOf } from './chain.ts';
import { decide, permitsAlone } from './decide.ts';
import { fieldActionsOf } from './field-plan.ts';
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
  const action = fieldActionsOf(question.resource.type)?.view ?? 'field:view';
  return dataCategories
    .filter((category) => !visible.includes(category))
    .map((category) => {
      const context = { ...question.context, category };
      const view = { ...question, action, context };
      return {
        category,
        shown: masked.includes(category) ? 'masked' : 'hidden',
        ...whyNot(set, view, masked.includes(category) ? ' whole' : ''),
      };
    });
}

type Why = Pick<FieldInWords, 'says' | 'policies'>;

function whyNot(set: PolicySet, view: Question, how: '' | ' whole'): Why {
  const { forbidden, reasons } = decide(set, view);
  if (forbidden) {
    const says = refusalText({ reasons, remedies: remedies(set, view) });
    return { says, policies: reasons.map(({ policy }) => policy) };
  }
  const byCase = whichCase(set, view, how);
  const [, ...acting] = linksOf(view);
  const programs = acting.filter((link) => !permitsAlone(set, link.question));
  return programs.length > 0 && isForPersonAlone(set, view, byCase)
    ? {
        says: programs.map(({ program = '' }) => withheldFrom(program, how)).join(' '),
        policies: [],
      }
    : byCase;
}

/** Whether they would be shown it here, or in some case, if no program acted for them. */
function isForPersonAlone(set: PolicySet, view: Question, together: Why): boolean {
  const { chain: _, ...context } = view.context;
  const alone = { ...view, context };
  if (permitsAlone(set, alone)) return true;
  return together.policies.length === 0 && whichCase(set, alone, '').policies.length > 0;
}

function withheldFrom(program: string, how: '' | ' whole'): string {
  return `“${program}” acts for you, and is not shown it${how}.`;
}

/** In which cases, and to whom, it would be shown. */
function whichCase(set: PolicySet, view: Question, how: '' | ' whole'): Why {
  const own = typesThatShow(set, view);
  if (own.types.length > 0) {
    return {
      says: `Shown${how} in cases of the type ${inWords(own.types)}.`,
      policies: own.policies,
    };
  }
  const staff = { ...factsOf(view, 'staff'), roles: [...roles] };
  const other = typesThatShow(set, { ...view, context: { ...view.context, staff } });
  return other.types.length > 0
    ? {
        says: `Shown${how} to other roles, in cases of the type ${inWords(other.types)}.`,
        policies: other.policies,
      }
    : { says: `No type of case shows it${how}.`, policies: [] };
}

function inWords(types: readonly string[]): string {
  return types.map((type) => type.replaceAll('-', ' ')).join(', ');
}

/** The types of case in which it would be shown, and the policies that would permit it there. */
function typesThatShow(
  set: PolicySet,
  view: Question,
): { readonly types: readonly string[]; readonly policies: string[] } {
  const proof = factsOf(view, 'proof');
  const policies = new Set<string>();
  const types = caseTypes.filter((type) => {
    const { effect, determining } = decide(set, {
      ...view,
      context: {
        ...view.context,
        caseFile: { type, open: true },
        ...(proof && { proof: { ...proof, purpose: type } }),
      },
    });
    if (effect !== 'permit') return false;
    for (const policy of determining) policies.add(policy);
    return true;
  });
  return { types, policies: [...policies] };
}
