import type { Id } from '@proofline/kernel';
import {
  handle,
  listReplays,
  ProblemError,
  readDifferences,
  shadowCandidate,
  startReplay,
  type MountedRoute,
  type Replay,
} from '@proofline/protocol';
import { z } from 'zod';
import type { DecisionsContext } from '../../context.ts';
import type { DifferenceCountRow, ReplayRow } from '../../store/tables.ts';
import { STALLED_AFTER_MS, startReplay as start } from '../commands/replay-decisions.ts';
import { setShadow } from '../commands/set-shadow.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { listCounts, listSamples } from '../store/difference-rows.ts';
import { listReplays as listRows } from '../store/replay-rows.ts';
import { describeCandidate, named } from './describe-release.ts';

const Ids = z.array(z.string());

/** Trying a candidate out: beside the live policies, and on recorded decisions. */
export function rehearsalRoutes(context: DecisionsContext): MountedRoute[] {
  const { storage, tenant } = context;
  const requireCandidate = async (candidateId: Id<'pcd'>) => {
    if (!(await findCandidate(storage.db, tenant, candidateId)))
      throw new ProblemError('policy.unknown');
  };
  return [
    handle(shadowCandidate, async ({ caller, params, body, decision }) => {
      const row = await setShadow(context, {
        actor: caller.subjectId,
        candidateId: params.candidateId,
        hours: body.hours,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeCandidate(context, row, caller.subjectId);
    }),
    handle(readDifferences, async ({ params, query }) => {
      await requireCandidate(params.candidateId);
      const of = {
        tenant,
        candidateId: params.candidateId,
        source: query.stage ?? query.replay ?? 'shadow',
      };
      const { change } = query;
      const [byPolicy, bySubject, samples] = await Promise.all([
        listCounts(storage.db, of, { about: 'policy', change }),
        listCounts(storage.db, of, { about: 'subject', change }),
        listSamples(storage.db, of, change),
      ]);
      return {
        byPolicy: byPolicy.map(countOf),
        bySubject: await Promise.all(
          bySubject.map(async (row) => {
            const { name } = await named(context, row.name);
            return { ...countOf(row), name: name ?? row.name };
          }),
        ),
        samples: await Promise.all(
          samples.map(async (row) => ({
            // Minted by this module.
            decisionId: row.decision_id as Id<'dec'>,
            change: row.change,
            action: row.action,
            subject: await named(context, row.subject_id),
            livePolicies: Ids.parse(JSON.parse(row.live_policies)),
            candidatePolicies: Ids.parse(JSON.parse(row.candidate_policies)),
            decidedAt: row.decided_at.toISOString(),
          })),
        ),
      };
    }),
    handle(startReplay, async ({ caller, params, body, decision }) =>
      describeReplay(
        context,
        await start(context, {
          actor: caller.subjectId,
          candidateId: params.candidateId,
          hours: body.hours,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
    handle(listReplays, async ({ params }) => {
      await requireCandidate(params.candidateId);
      const rows = await listRows(storage.db, tenant, params.candidateId);
      return { replays: rows.map((row) => describeReplay(context, row)) };
    }),
  ];
}

function countOf({ name, change, count }: DifferenceCountRow) {
  return { name, change, count };
}

/** A replay as the contract words it. */
export function describeReplay({ clock }: DecisionsContext, row: ReplayRow): Replay {
  const isStalled =
    row.state === 'running' && row.updated_at.getTime() < clock.now() - STALLED_AFTER_MS;
  return {
    // Both minted by this module.
    replayId: row.replay_id as Id<'rpl'>,
    candidateId: row.candidate_id as Id<'pcd'>,
    state: isStalled ? 'stalled' : row.state,
    from: row.from_at.toISOString(),
    to: row.to_at.toISOString(),
    total: row.total,
    done: row.done,
    reproduced: row.reproduced,
    notReproduced: Ids.parse(JSON.parse(row.otherwise)),
    notDerivable: row.unknown_release,
  };
}
