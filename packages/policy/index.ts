/** Policies as a value: compile a release, decide a question, find what would turn a deny. */
export { defaultedFacts, type CautiousDefaults, type DefaultValue } from './cautious-defaults.ts';
export { assembleRelease, partsOf, type ReleaseParts } from './assemble-release.ts';
export { chainPlaces } from './chain.ts';
export { compileRelease, PolicyReleaseError } from './compile-release.ts';
export { compiledEngine } from './compiled-engine.ts';
export type { ContextShapes } from './context-shapes.ts';
export { decide, decideAlone, enforcementReasons } from './decide.ts';
export { diffInvariants, droppedCases, type InvariantDiff } from './diff-promises.ts';
export { diffPolicies, diffTexts, type PolicyDiff, type TextDiff } from './diff-policies.ts';
export { checkDecisionCase, parseDecisionCase, type DecisionCase } from './decision-case.ts';
export type { CompiledPolicies, Evaluation, PolicyEngine } from './engine.ts';
export { explainFacts, type ExplainingSet } from './explain-facts.ts';
export { policiesAtWork, type PoliciesAtWork } from './policies-at-work.ts';
export { explainFields } from './explain-fields.ts';
export { fieldActionsOf, fieldPlan } from './field-plan.ts';
export {
  inspectRelease,
  releaseLimits,
  withoutLimits,
  type ReleaseFindings,
} from './inspect-release.ts';
export { conditionPolicy, parseCondition } from './invariants/condition.ts';
export { findUnfitInvariants } from './invariants/find-unfit-invariants.ts';
export { parseInvariant, type Invariant } from './invariants/invariant.ts';
export { kindsOfRequest, shortName, type KindOfRequest } from './invariants/kinds-of-request.ts';
export { holdTo } from './invariants/hold-to.ts';
export { policyLayers, type PolicyLayer } from './layers.ts';
export type { Outcome, Policy, PolicySet } from './policy-set.ts';
export { roleFactOf, type Question, type RoleFact } from './question.ts';
export type { ReleaseText } from './release-text.ts';
export { remedies } from './remedies.ts';
export { permitHoldsForSeconds } from './permit-holds-for.ts';
export { policyOf, type EngineSource } from './read-source.ts';
export { schemaOf } from './read-schema-text.ts';
export { qualifiedType, rowFilter, type RowQuestion } from './row-filter.ts';
export { supposeRemedies } from './suppose-remedies.ts';
