import type { ApprovalRow } from './tables.ts';
import type { ApprovalCourse } from '../domain/approval-state.ts';

/** What of a row its state depends on. */
export function courseOf(row: ApprovalRow): ApprovalCourse {
  return {
    verdict: row.verdict,
    usedAt: row.used_at,
    withdrawnAt: row.withdrawn_at,
    expiresAt: row.expires_at,
  };
}
