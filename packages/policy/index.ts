/** Policies as a value: compile a release, decide a question, find what would turn a deny. */
export { defaultedFacts, type CautiousDefaults, type DefaultValue } from './cautious-defaults.ts';
export { assembleRelease, partsOf, type ReleaseParts } from './assemble-release.ts';
export { compileRelease, PolicyReleaseError, type ReleaseText } from './compile-release.ts';
export type { ContextShapes } from './context-shapes.ts';
export { decide, enforcementReasons } from './decide.ts';
export { diffPolicies, diffTexts, type PolicyDiff, type TextDiff } from './diff-policies.ts';
export { checkDecisionCase, parseDecisionCase, type DecisionCase } from './decision-case.ts';
export type { CompiledPolicies, EngineSource, Evaluation, PolicyEngine } from './engine.ts';
export { explainFacts, type ExplainingSet } from './explain-facts.ts';
export { explainFields } from './explain-fields.ts';
export { fieldPlan } from './field-plan.ts';
export { inspectRelease, releaseLimits, type ReleaseFindings } from './inspect-release.ts';
export { policyLayers, type PolicyLayer } from './layers.ts';
export type { Outcome, Policy, PolicySet } from './policy-set.ts';
export type { Question } from './question.ts';
export { remedies } from './remedies.ts';
export { qualifiedType, rowFilter, type RowQuestion } from './row-filter.ts';
export { supposeRemedies } from './suppose-remedies.ts';
