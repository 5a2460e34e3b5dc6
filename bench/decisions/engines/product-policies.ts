import {
  checkDecisionCase,
  compileRelease,
  decide,
  remedies,
  type PolicySet,
  type Question,
} from '@proofline/policy';
import { oracleEngine } from '@proofline/policy/oracle';
import {
  productCases,
  productPolicies,
} from '../../../packages/policy/testing/product-policies.ts';
import { timed, type Contestant, type Step } from './contestant.ts';

/**
 * `packages/policy` on the product's own policies, asked the questions of its named cases. They are
 * their own oracle (outcome, policies, remedies), and cedar-wasm is asked each of them too.
 */
export function productContestant(withRemedies: boolean): Contestant {
  const cases = productCases();
  const questions = cases.map(({ question, facts }): Question => ({ ...question, context: facts }));
  let set: PolicySet | undefined;
  let oracle: PolicySet | undefined;
  return {
    load() {
      const steps: Step[] = [];
      set = timed(steps, 'validate, parse, compile', () => compileRelease(productPolicies()));
      return steps;
    },
    takeRequests: () => {},
    count: () => questions.length,
    ask(index) {
      const question = questions[index];
      if (set === undefined || question === undefined) throw new Error('nothing to decide');
      const outcome = decide(set, question);
      return withRemedies && outcome.effect === 'deny'
        ? [outcome, remedies(set, question)]
        : outcome;
    },
    check(index) {
      const one = cases[index];
      if (set === undefined || one === undefined) throw new Error('nothing is loaded');
      oracle ??= compileRelease(productPolicies(), oracleEngine);
      const problems = [set, oracle].flatMap((engine) => checkDecisionCase(engine, one));
      if (problems.length > 0) throw new Error(`${one.name}: ${problems.join('; ')}`);
    },
  };
}
