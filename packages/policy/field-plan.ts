import type { DataCategory, FieldPlan } from '@proofline/protocol';
import { permits } from './decide.ts';
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
    const about = { ...question, context: { ...question.context, category } };
    if (permits(set, { ...about, action: 'field:view' })) plan.visible.push(category);
    else if (permits(set, { ...about, action: 'field:mask' })) plan.masked.push(category);
    else plan.hidden.push(category);
  }
  return plan;
}
