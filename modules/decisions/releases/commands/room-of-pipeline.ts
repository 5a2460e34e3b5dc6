import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { runningStage } from '../stages/stage-rows.ts';
import { closeCandidate } from '../store/candidate-rows.ts';

/** As many candidates of one pipeline may wait at once, so that builds leave room for people. */
const OPEN_MAX = 5;

/**
 * Finds the candidate that a pipeline’s proposal is already, or makes room for it: its candidates on
 * a release that is no longer live are withdrawn, and all but its newest. One that is in force for
 * some stays; only a person ends that.
 */
export async function roomOfPipeline(
  context: DecisionsContext,
  tx: Db,
  {
    own,
    proposed,
    causes,
  }: {
    /** Its open candidates, newest first. */
    readonly own: readonly CandidateRow[];
    readonly proposed: {
      readonly digest: string;
      readonly casesDigest: string;
      readonly baseSequence: number;
    };
    readonly causes: readonly Id<'evt'>[];
  },
): Promise<{ readonly same: CandidateRow } | { readonly closedCount: number }> {
  const current = own.filter((one) => one.base_sequence === proposed.baseSequence);
  // One from before candidates were signed can never be made live.
  const same = current.find(
    (one) =>
      one.digest === proposed.digest &&
      one.cases_digest === proposed.casesDigest &&
      one.signature !== null,
  );
  if (same) return { same };
  const stage = await runningStage(tx, context.tenant);
  const kept = new Set(current.slice(0, OPEN_MAX - 1).map((one) => one.candidate_id));
  if (stage) kept.add(stage.candidate_id);
  const pointless = own.filter((one) => !kept.has(one.candidate_id));
  for (const row of pointless) await withdraw(context, tx, { row, causes });
  return { closedCount: pointless.length };
}

async function withdraw(
  { tenant, clock, ledger }: DecisionsContext,
  tx: Db,
  { row, causes }: { readonly row: CandidateRow; readonly causes: readonly Id<'evt'>[] },
): Promise<void> {
  // Minted by this module.
  const candidateId = row.candidate_id as Id<'pcd'>;
  const at = new Date(clock.now());
  await closeCandidate(tx, tenant, { candidateId, state: 'withdrawn', at });
  await ledger.record(tx, {
    kind: 'policy.withdrawn',
    // Minted by the ledger when it was proposed.
    causes: [row.evidence_id as Id<'evt'>, ...causes],
    refs: { candidateId },
    subjects: { actor: row.proposed_by },
    facts: { digest: row.digest, because: 'proposed-anew' },
  });
}
