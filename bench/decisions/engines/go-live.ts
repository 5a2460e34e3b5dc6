import { compileRelease } from '@proofline/policy';
import { compiler } from '../../../modules/decisions/releases/compile/compiler.ts';
import { productPolicies } from '../../../packages/policy/testing/product-policies.ts';
import { workloadOf } from '../workload-of.ts';
import type { Rule } from '../workload.ts';
import type { Step } from './contestant.ts';
import { releaseTextOf } from './load-cedar.ts';

/**
 * What a server did before: `nothing` but to start with the product’s policies; somebody `looked` at these,
 * so that the thread that compiles stands; or it `changes`, having started with 600 policies of the same
 * schema that somebody looked at.
 */
export type Before = 'nothing' | 'looked' | 'changes';

/**
 * From texts to a set that can take the place of the live one, as a running server has it: looked over
 * on the thread for that (read, validated strictly, named, compiled), handed over, and made into functions
 * on the thread that answers. No policy of it was seen before, unless it was among the 600.
 */
export async function goLive(rules: readonly Rule[], before: Before): Promise<Step[]> {
  const live = before === 'changes' ? releaseTextOf(workloadOf(600).rules) : productPolicies();
  compileRelease(live);
  if (before !== 'nothing') {
    await compiler.lookOver({ text: live, cases: [], isStored: true }, 'ordinary');
  }
  const text = releaseTextOf(rules);
  const start = performance.now();
  const { parts } = await compiler.lookOver({ text, cases: [], isStored: true }, 'urgent');
  if (parts === undefined) throw new Error('the policies of the workload cannot be released');
  const set = await compiler.assemble(parts);
  const ms = performance.now() - start;
  if (set.policies.size !== rules.length) throw new Error('not all policies became live');
  return [{ name: 'live', ms }];
}
