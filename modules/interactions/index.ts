/** Calls, cases, and the customers' proofs that are bound to them. */
export { createInteractions, type Interactions } from './create-interactions.ts';
export { migrations } from './store/migrations.ts';
export type { CaseImport, ChangeEvent, InteractionsDeps, StaffFacts } from './types.ts';
