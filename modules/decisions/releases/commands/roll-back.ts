import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { CurrentRelease, DecisionsContext } from '../../context.ts';
import { compiler } from '../compile/compiler.ts';
import { checkSignature, lookOverStored, UnsoundRelease } from '../domain/verify-release.ts';
import { findRelease } from '../store/release-rows.ts';
import type { ReleaseRow } from '../../store/tables.ts';
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
 * Makes an earlier release live again, under a new number: what was once live has been looked at by
 * two people, and an emergency has no time for a third.
 *
 * @throws ProblemError `policy.unknown`, `policy.moved-on`, `policy.unsound`
 */
export async function rollBack(
  context: DecisionsContext,
  { actor, sequence, liveSequence, reason, decisionEvidenceId }: Rollback,
): Promise<CurrentRelease> {
  const live = context.release();
  if (liveSequence !== live.ref.sequence) throw new ProblemError('policy.moved-on');
  const row = await findRelease(context.storage.db, context.tenant, sequence);
  if (!row || sequence >= liveSequence) throw new ProblemError('policy.unknown');
  const set = await compileEarlier(context, row);
  const written = await context.storage.transaction((tx) =>
    writeRelease(context, tx, {
      set,
      text: row.text,
      cases: row.cases ?? '[]',
      origin: 'rollback',
      releasedBy: actor,
      follows: live.ref,
      draft: {
        kind: 'policy.rolled-back',
        // Minted by the ledger when it was released.
        causes: [row.evidence_id as Id<'evt'>, decisionEvidenceId],
        subjects: { actor },
        facts: { toSequence: sequence },
        personal: [{ subject: actor, retention: 'access', fields: { reason } }],
      },
    }),
  );
  context.setRelease(written);
  await context.ledger.durable(written.evidenceId);
  return written;
}

async function compileEarlier(context: DecisionsContext, row: ReleaseRow) {
  try {
    checkSignature(row, context.releases.signer);
    const { parts, lockOut } = await lookOverStored(row);
    if (lockOut.length > 0) throw new ProblemError('policy.unsound', { faults: lockOut });
    return await compiler.assemble(parts);
  } catch (error) {
    if (!(error instanceof UnsoundRelease)) throw error;
    const fault = { code: 'release.tampered', path: '', line: 1, column: 1, text: error.message };
    throw new ProblemError('policy.unsound', { faults: [fault] });
  }
}
