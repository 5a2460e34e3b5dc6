import type { Id } from '@proofline/kernel';
import {
  ProblemError,
  type BreakGlass,
  type BreakGlassEnd,
  type BreakGlassState,
  type BreakGlassVerdict,
} from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt } from '../domain/break-glass-state.ts';
import { findAccess } from '../store/break-glass-rows.ts';
import { courseOfAccess, type BreakGlassRow } from '../store/break-glass-tables.ts';
import { describeAccess } from './describe-access.ts';
import { keepAccessStep, tellAccessChanged, type AccessStep } from './keep-access-step.ts';

/** Who moves which access on; the policies have permitted it before. */
export interface Moving {
  readonly actor: Actor;
  readonly breakGlassId: Id<'bgl'>;
  /** The permit’s entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

type StepOf = (
  row: BreakGlassRow,
  at: { readonly now: Date; readonly state: BreakGlassState },
) => Omit<AccessStep, 'actor' | 'decidedBy'>;

/** Takes a step by a person, looking at everything again in its transaction; answers when it is durable. */
async function move(deps: ApprovalsDeps, moving: Moving, stepOf: StepOf): Promise<BreakGlass> {
  const { actor, breakGlassId, decisionEvidenceId } = moving;
  const row = await deps.storage.transaction(async (tx) => {
    const found = await findAccess(tx, deps.tenant, breakGlassId);
    if (!found) throw new ProblemError('access.denied');
    const now = new Date(deps.clock.now());
    const state = breakGlassStateAt(courseOfAccess(found), now.getTime());
    const step = stepOf(found, { now, state });
    return keepAccessStep(deps, tx, {
      row: found,
      step: { ...step, actor: actor.subjectId, decidedBy: decisionEvidenceId },
    });
  });
  // Minted by the ledger.
  await deps.ledger.durable(row.evidence_id as Id<'evt'>);
  tellAccessChanged(deps, row);
  return describeAccess(deps, row, actor.subjectId);
}

function closed(): ProblemError {
  return new ProblemError('break-glass.closed');
}

/**
 * Opens what a colleague asked for, or declines it. From the opening on it runs for as long as was asked
 * for and never longer; there is no way to prolong it.
 *
 * @throws ProblemError `break-glass.not-yours`, `break-glass.closed`
 */
export async function answerBreakGlass(
  deps: ApprovalsDeps,
  answering: Moving & { readonly answer: 'open' | 'decline' },
): Promise<BreakGlass> {
  const { actor, answer } = answering;
  const apart = await findRequester(deps, answering.breakGlassId);
  const isBroughtIn = apart && (await deps.breakGlass.broughtIn(apart, actor.subjectId));
  return move(deps, answering, (row, { now, state }) => {
    // Held here as well: a release must not be able to change it.
    if (row.requested_by === actor.subjectId || isBroughtIn !== false) {
      throw new ProblemError('break-glass.not-yours');
    }
    if (state !== 'waiting') throw closed();
    if (answer === 'decline') {
      return {
        kind: 'break-glass.declined',
        columns: { declined_by: actor.subjectId, declined_at: now },
        facts: { because: 'declined' },
        told: 'The emergency access that was asked for in your name was declined.',
      };
    }
    return {
      kind: 'break-glass.opened',
      columns: {
        opened_by: actor.subjectId,
        opened_in_session: actor.sessionId,
        opened_at: now,
        seen_at: now,
      },
      facts: { minutes: row.minutes },
      told: `Emergency access was opened in your name, for ${row.minutes} minutes. Each reading is recorded.`,
    };
  });
}

async function findRequester(
  deps: ApprovalsDeps,
  breakGlassId: Id<'bgl'>,
): Promise<Id<'stf'> | undefined> {
  const row = await findAccess(deps.storage.db, deps.tenant, breakGlassId);
  // Written by this module from a caller's own id.
  return row?.requested_by as Id<'stf'> | undefined;
}

/** Ends it before its time; what still waits is taken back. @throws ProblemError `break-glass.closed` */
export function endBreakGlass(deps: ApprovalsDeps, ending: Moving): Promise<BreakGlass> {
  const { subjectId } = ending.actor;
  return move(deps, ending, (row, { now, state }) => {
    if (state === 'waiting') {
      return {
        kind: 'break-glass.declined',
        columns: { declined_by: subjectId, declined_at: now },
        facts: { because: subjectId === row.requested_by ? 'taken-back' : 'declined' },
      };
    }
    if (state !== 'open') throw closed();
    const because = endBy(row, subjectId);
    return {
      kind: 'break-glass.ended',
      columns: { ended_by: subjectId, ended_because: because, ended_at: now },
      facts: { because },
      told: 'The emergency access in your name was ended.',
    };
  });
}

function endBy(row: BreakGlassRow, subjectId: string): BreakGlassEnd {
  if (subjectId === row.requested_by) return 'requester';
  return subjectId === row.opened_by ? 'opener' : 'security';
}

/**
 * Judges it afterwards, once, as somebody who had no part in it.
 *
 * @throws ProblemError `break-glass.not-yours`, `break-glass.closed`
 */
export async function reviewBreakGlass(
  deps: ApprovalsDeps,
  reviewing: Moving & { readonly verdict: BreakGlassVerdict; readonly words: string },
): Promise<BreakGlass> {
  const { actor, verdict, words } = reviewing;
  const isApart = await isApartFromBoth(deps, reviewing);
  return move(deps, reviewing, (row, { now, state }) => {
    const hadPart = row.requested_by === actor.subjectId || row.opened_by === actor.subjectId;
    if (hadPart || !isApart) {
      throw new ProblemError('break-glass.not-yours');
    }
    const isOver = state === 'ended' || state === 'overdue';
    if (!isOver || row.ended_at === null) throw closed();
    return {
      kind: 'break-glass.reviewed',
      columns: { reviewed_by: actor.subjectId, reviewed_at: now, verdict, words },
      facts: { verdict },
      words,
      told: 'Your emergency access was judged by a third person.',
    };
  });
}

/** Two accounts of one person are made by one bringing the other in: that holds for the third one, too. */
async function isApartFromBoth(
  { breakGlass, storage, tenant }: ApprovalsDeps,
  { actor, breakGlassId }: Moving,
): Promise<boolean> {
  const row = await findAccess(storage.db, tenant, breakGlassId);
  if (!row?.opened_by) return false;
  for (const other of [row.requested_by, row.opened_by]) {
    // Written by this module from callers' own ids.
    if (await breakGlass.broughtIn(other as Id<'stf'>, actor.subjectId)) return false;
  }
  return true;
}
