/** Decisions: the policy decision point, its releases, and the results of enforcement points. */
export { createDecisions, type Decisions } from './create-decisions.ts';
export type { DecisionsDeps } from './context.ts';
export type { OpenedReleases } from './releases/commands/open-releases.ts';
export type * from './authzen/access-request-desk.ts';
export { statusEndpoint } from './authzen/describe-task.ts';
export { enumeratorOf, type Candidate, type Enumerator } from './authzen/enumerator.ts';
export { column, conditionOf, type Columns } from './domain/row-columns.ts';
export { migrations } from './store/migrations.ts';
export { FactsSpent } from './types.ts';
export type * from './types.ts';
export { chainPlaces } from '@proofline/policy';
