import { lowerAcr, type OwnSet } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import { rolesOf, type StaffRow } from '../store/staff-rows.ts';

/** The caller in their own session: the only person whom a change can be about. */
export interface OwnCaller {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}

/** A subject with all that is theirs, as the transaction sees it. */
export interface Own {
  readonly staff: StaffRow;
  readonly rows: readonly AuthenticatorRow[];
  readonly set: OwnSet;
}

/**
 * Reads the subject's own authenticators and how many must stay.
 *
 * @throws ProblemError `session.ended` when there is no such colleague any more.
 */
export async function readOwn(context: Context, db: Db, subjectId: Id<'stf'>): Promise<Own> {
  const staff = await context.rows.staff.findById(db, subjectId);
  if (!staff) throw new ProblemError('session.ended');
  const rows = await context.rows.authenticators.listOf(db, subjectId);
  const authenticators = rows.map(({ acr, atMost, authenticatorId }) => ({
    authenticatorId,
    acr: lowerAcr(acr, atMost),
  }));
  const least = Math.max(1, context.leastAuthenticators(rolesOf(staff)));
  return { staff, rows, set: { authenticators, least } };
}

/** What the person calls it, or what it is. */
export function labelOf(row: Pick<AuthenticatorRow, 'label' | 'acr' | 'backupEligible'>): string {
  if (row.label !== undefined) return row.label;
  if (row.acr === 'phrh') return 'Hardware authenticator';
  return `Passkey (${row.backupEligible ? 'synced' : 'device-bound'})`;
}
