import type { BreakGlassEnd, BreakGlassReason, BreakGlassVerdict } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Kysely } from 'kysely';
import type { BreakGlassCourse } from '../domain/break-glass-state.ts';

export interface BreakGlassRow {
  tenant: string;
  break_glass_id: string;
  account_number: string;
  /** Whose account that is; null: nobody here, which is told to nobody (P9). */
  customer_id: string | null;
  /** JSON array, in the order of the contract. */
  categories: string;
  reason_code: BreakGlassReason;
  note: string;
  minutes: number;
  requested_by: string;
  requested_in_session: string;
  desk: string;
  requested_at: Date;
  declined_by: string | null;
  declined_at: Date | null;
  opened_by: string | null;
  opened_in_session: string | null;
  opened_at: Date | null;
  ended_by: string | null;
  ended_because: BreakGlassEnd | null;
  ended_at: Date | null;
  escalated_at: Date | null;
  reviewed_by: string | null;
  reviewed_at: Date | null;
  verdict: BreakGlassVerdict | null;
  words: string | null;
  seen_at: Date | null;
  /** The entry of the last step. */
  evidence_id: string;
}

export interface BreakGlassUseRow {
  tenant: string;
  break_glass_id: string;
  decision_id: string;
  action: string;
  at: Date;
  evidence_id: string;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = { break_glass: BreakGlassRow; break_glass_uses: BreakGlassUseRow };

/** A handle that knows the tables of break-glass. */
export function breakGlassTables(db: Db): Kysely<Tables> {
  return db.withTables<Tables>();
}

/** What of a row its state depends on. */
export function courseOfAccess(row: BreakGlassRow): BreakGlassCourse {
  return {
    requestedAt: row.requested_at,
    minutes: row.minutes,
    declinedAt: row.declined_at,
    openedAt: row.opened_at,
    endedAt: row.ended_at,
    endedBecause: row.ended_because,
    escalatedAt: row.escalated_at,
    verdict: row.verdict,
    seenAt: row.seen_at,
  };
}
