import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import { compiler } from '../compile/compiler.ts';
import { tampered, UnsoundRelease } from '../domain/verify-release.ts';
import type { ReleaseRow } from '../../store/tables.ts';
import { findRelease } from '../store/release-rows.ts';
import { heldToToday } from './held-to-today.ts';
import { writeRelease } from './write-release.ts';

interface Rollback {
  readonly actor: Id<'stf'>;
  readonly sequence: number;
  readonly liveSequence: number;
  readonly reason: string;
  /** The permit’s entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Makes a release that the live one came from live again, under a new number: what was once live has been
 * looked at by two people, and an emergency has no time for a third. One goes back on policies and cases,
 * never on invariants: those of today hold on, and are proved of it (ADR 0012).
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on`, `policy.unsound`, `rollback.left-behind`,
 *   `rollback.breaks-invariant`, `rollback.unproved`
 */
export async function rollBack(
  context: DecisionsContext,
  { actor, sequence, liveSequence, reason, decisionEvidenceId }: Rollback,
): Promise<CurrentRelease> {
  const live = context.release();
  if (liveSequence !== live.ref.sequence) throw new ProblemError('policy.moved-on');
  const row = await findRelease(context.storage.db, context.tenant, sequence);
  if (!row || sequence >= liveSequence) throw new ProblemError('policy.unknown');
  if (!live.line.includes(sequence)) throw new ProblemError('rollback.left-behind');
  const { set, text, proved } = await readyEarlier(context, row);
  const written = await context.storage.transaction((tx) =>
    writeRelease(context, tx, {
      set,
      text,
      cases: row.cases ?? '[]',
      origin: 'rollback',
      isProved: true,
      backTo: sequence,
      releasedBy: actor,
      follows: live.ref,
      draft: {
        kind: 'policy.rolled-back',
        // Minted by the ledger when it was released.
        causes: [row.evidence_id as Id<'evt'>, decisionEvidenceId],
        subjects: { actor },
        facts: { toSequence: sequence, invariants: set.invariants.length, provedNow: proved },
        personal: [{ subject: actor, retention: 'access', fields: { reason } }],
      },
    }),
  );
  context.setRelease(written);
  await context.ledger.durable(written.evidenceId);
  return written;
}

async function readyEarlier(context: DecisionsContext, row: ReleaseRow) {
  try {
    const { parts, text, lockOut, toProve } = await heldToToday(context, row, 'urgent');
    if (lockOut.length > 0) throw new ProblemError('policy.unsound', { faults: lockOut });
    const { state, holding, broken, undecided } = await context.releases.proofs.waitFor(toProve);
    const faults = [...broken, ...undecided].map(({ name, says }) => {
      return {
        code: 'invariant.broken',
        path: `invariants/${name}.json`,
        line: 1,
        column: 1,
        text: says,
      };
    });
    if (state === 'broken') throw new ProblemError('rollback.breaks-invariant', { faults });
    if (state === 'running' || state === 'not-decided') {
      throw new ProblemError('rollback.unproved', { faults });
    }
    return { set: await compiler.assemble(parts), text, proved: holding };
  } catch (error) {
    if (error instanceof UnsoundRelease) throw tampered(error);
    throw error;
  }
}
