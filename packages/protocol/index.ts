/** The contract: subjects, actions, decisions, evidence kinds, problems and routes, as data. */
export * from './actions.ts';
export * from './data-categories.ts';
export * from './decision.ts';
export * from './evidence.ts';
export * from './ids.ts';
export * from './problems.ts';
export * from './route.ts';
export * from './subjects.ts';
export * from './routes/approvals.ts';
export * from './routes/ceremonies.ts';
export * from './routes/customers.ts';
export * from './routes/decisions.ts';
export * from './routes/evidence.ts';
export * from './routes/interactions.ts';
export * from './routes/onboarding.ts';
export * from './routes/self.ts';
export * from './routes/sign-in.ts';
export { routes } from './routes/index.ts';
