export { FactsSpent } from './types.ts';
export type * from './types.ts';
