import { isId, type Id } from '@proofline/kernel';
import {
  handle,
  listPipelineReplays,
  ProblemError,
  proposeFromPipeline,
  readPipelineCandidate,
  readPipelineDifferences,
  replayFromPipeline,
  shadowFromPipeline,
  type MountedRoute,
  type PipelineCandidate,
  type ServiceCaller,
} from '@proofline/protocol';
import { z } from 'zod';
import type { DecisionsContext } from '../../context.ts';
import type { CandidateRow } from '../../store/tables.ts';
import { proposePolicies } from '../commands/propose-policies.ts';
import { startReplay } from '../commands/replay-decisions.ts';
import { setShadow } from '../commands/set-shadow.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { countSubjects, listCounts, listSamples } from '../store/difference-rows.ts';
import { listReplays } from '../store/replay-rows.ts';
import { describeCandidate } from './describe-release.ts';
import { describeReplay } from './rehearsal-routes.ts';

const Ids = z.array(z.string());

/**
 * What a pipeline may do: propose, try out and read what came of its own candidates. There is no
 * route here that puts anything in force, and at those of people a service’s token is nobody’s.
 */
export function pipelineRoutes(context: DecisionsContext): MountedRoute[] {
  const { storage, tenant } = context;
  return [
    handle(proposeFromPipeline, async ({ caller, body, decision }) => {
      const row = await proposePolicies(context, {
        proposedBy: idOf(caller),
        text: { schema: body.schema, policies: body.files },
        cases: body.cases,
        invariants: body.invariants,
        note: body.note,
        causes: [decision.evidenceId],
      });
      return describe(context, row);
    }),
    handle(readPipelineCandidate, async ({ caller, params }) =>
      describe(context, await requireOwn(context, caller, params.candidateId)),
    ),
    handle(shadowFromPipeline, async ({ caller, params, body, decision }) => {
      await requireOwn(context, caller, params.candidateId);
      const row = await setShadow(context, {
        actor: idOf(caller),
        candidateId: params.candidateId,
        hours: body.hours,
        decisionEvidenceId: decision.evidenceId,
      });
      return describe(context, row);
    }),
    handle(replayFromPipeline, async ({ caller, params, body, decision }) => {
      await requireOwn(context, caller, params.candidateId);
      const row = await startReplay(context, {
        actor: idOf(caller),
        candidateId: params.candidateId,
        hours: body.hours,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeReplay(context, row);
    }),
    handle(listPipelineReplays, async ({ caller, params }) => {
      await requireOwn(context, caller, params.candidateId);
      const rows = await listReplays(storage.db, tenant, params.candidateId);
      return { replays: rows.map((row) => describeReplay(context, row)) };
    }),
    handle(readPipelineDifferences, async ({ caller, params, query }) => {
      await requireOwn(context, caller, params.candidateId);
      const of = { tenant, candidateId: params.candidateId, source: query.replay ?? 'shadow' };
      const [byPolicy, subjects, samples] = await Promise.all([
        listCounts(storage.db, of, { about: 'policy' }),
        countSubjects(storage.db, of),
        listSamples(storage.db, of, undefined),
      ]);
      return {
        byPolicy: byPolicy.map(({ name, change, count }) => ({ name, change, count })),
        subjects,
        samples: samples.map((row) => ({
          // Minted by this module.
          decisionId: row.decision_id as Id<'dec'>,
          change: row.change,
          action: row.action,
          livePolicies: Ids.parse(JSON.parse(row.live_policies)),
          candidatePolicies: Ids.parse(JSON.parse(row.candidate_policies)),
          decidedAt: row.decided_at.toISOString(),
        })),
      };
    }),
  ];
}

function idOf({ subjectId }: ServiceCaller): Id<'svc'> {
  if (!isId('svc', subjectId)) throw new ProblemError('token.invalid', { internal: 'no service' });
  return subjectId;
}

/** Somebody else’s candidate and none at all are refused in the same words. */
async function requireOwn(
  { storage, tenant }: DecisionsContext,
  { subjectId }: ServiceCaller,
  candidateId: Id<'pcd'>,
): Promise<CandidateRow> {
  const row = await findCandidate(storage.db, tenant, candidateId);
  if (row?.proposed_by !== subjectId) throw new ProblemError('policy.unknown');
  return row;
}

async function describe(context: DecisionsContext, row: CandidateRow): Promise<PipelineCandidate> {
  const {
    proposedBy: _proposedBy,
    isOwn: _isOwn,
    vouching,
    ...told
  } = await describeCandidate(context, row, row.proposed_by);
  return { ...told, isVouched: vouching.by !== undefined };
}
