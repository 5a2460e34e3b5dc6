/** Workforce: onboarding, staff sign-in, the directory of colleagues. */
export { createWorkforce, type ForRecovery, type Workforce } from './create-workforce.ts';
export { isLeftBehind } from './domain/brought-along.ts';
export { ONBOARDING_COOKIE } from './routes/onboarding-routes.ts';
export type { Provisioning } from './scim/create-provisioning.ts';
export { migrations } from './store/migrations.ts';
export type {
  Channel,
  Colleague,
  Founder,
  FounderInvitation,
  Messages,
  WorkforceDeps,
  WorkforceEvent,
} from './types.ts';
