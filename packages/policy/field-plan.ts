import type { DataCategory, FieldPlan } from '@proofline/protocol';
import { isBroken, linksOf } from './chain.ts';
import { permitsAlone } from './decide.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/** Which actions say how a field of a record is shown. A record under break-glass has rules of its own. */
const fieldActions: Readonly<Record<string, FieldActions>> = {
  Account: { view: 'field:view', mask: 'field:mask' },
  EmergencyRecord: { view: 'emergency-field:view', mask: 'emergency-field:mask' },
};

interface FieldActions {
  readonly view: string;
  readonly mask: string;
}

/** The actions for fields of a resource of this type; `undefined` where its fields are not decided on. */
export function fieldActionsOf(resourceType: string): FieldActions | undefined {
  return Object.hasOwn(fieldActions, resourceType) ? fieldActions[resourceType] : undefined;
}

/**
 * What an enforcement point may show of a resource, data category by category: visible where
 * viewing is permitted, masked where only masking is, else hidden: all, where nothing says how. Of
 * several who act, whoever may see least decides.
 */
export function fieldPlan(
  set: PolicySet,
  question: Question,
  categories: readonly DataCategory[],
): FieldPlan {
  const plan: FieldPlan = { visible: [], masked: [], hidden: [] };
  const actions = fieldActionsOf(question.resource.type);
  if (!actions || isBroken(question)) return { ...plan, hidden: [...categories] };
  for (const category of categories) {
    const about = { ...question, context: { ...question.context, category } };
    const shown = linksOf(about).map((link) => shownTo(set, link.question, actions));
    if (shown.includes('hidden')) plan.hidden.push(category);
    else if (shown.includes('masked')) plan.masked.push(category);
    else plan.visible.push(category);
  }
  return plan;
}

/** How a data category is shown to one of those who act. */
function shownTo(set: PolicySet, about: Question, { view, mask }: FieldActions): keyof FieldPlan {
  if (permitsAlone(set, { ...about, action: view })) return 'visible';
  return permitsAlone(set, { ...about, action: mask }) ? 'masked' : 'hidden';
}
