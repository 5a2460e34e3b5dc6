/** Recovery: the only ways back in, all of them the subject's own. */
export { createRecovery, type Recovery } from './create-recovery.ts';
export { RECOVERY_COOKIE } from './routes/public-routes.ts';
export { waitBounds } from './domain/wait-rule.ts';
export { migrations } from './store/migrations.ts';
