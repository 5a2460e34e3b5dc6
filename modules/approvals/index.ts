/** Approvals: four eyes on one exact content. */
export { createApprovals, type Approvals } from './create-approvals.ts';
export type {
  ApprovalChanged,
  ApprovalsDeps,
  BreakGlassChanged,
  BreakGlassPorts,
  CallbackNotice,
  Callbacks,
  ColleagueFacts,
} from './context.ts';
export { contentDigest } from './domain/content-digest.ts';
export { migrations } from './store/migrations.ts';
