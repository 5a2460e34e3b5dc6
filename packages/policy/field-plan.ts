import type { DataCategory, FieldPlan } from '@proofline/protocol';
import { decide } from './decide.ts';
import type { PolicySet } from './policy-set.ts';
import type { Question } from './question.ts';

/**
 * What an enforcement point may show of a resource, data category by category: visible where
 * `field:view` is permitted, masked where only `field:mask` is, else hidden.
 */
export function fieldPlan(
  set: PolicySet,
  question: Question,
  categories: readonly DataCategory[],
): FieldPlan {
  const plan: FieldPlan = { visible: [], masked: [], hidden: [] };
  for (const category of categories) {
    if (permits(set, question, 'field:view', category)) plan.visible.push(category);
    else if (permits(set, question, 'field:mask', category)) plan.masked.push(category);
    else plan.hidden.push(category);
  }
  return plan;
}

function permits(
  set: PolicySet,
  question: Question,
  action: 'field:view' | 'field:mask',
  category: DataCategory,
): boolean {
  const about = { ...question, action, context: { ...question.context, category } };
  return decide(set, about).effect === 'permit';
}
