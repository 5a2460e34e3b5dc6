import {
  endStage,
  handle,
  readStage,
  stageCandidate,
  type MountedRoute,
  type StageSummary,
} from '@proofline/protocol';
import type { DecisionsContext, KnownColleague } from '../../context.ts';
import type { StageRow } from '../../store/tables.ts';
import { dropsOf, named } from '../routes/describe-release.ts';
import { findCandidate } from '../store/candidate-rows.ts';
import { endStage as end } from './end-stage.ts';
import { audienceOf, runningStage, settingOf } from './stage-rows.ts';
import { isIn } from './stage-state.ts';
import { startStage } from './start-stage.ts';

const PEOPLE_MAX = 500;

/** A candidate in force for some: begin, widen, end, and see who is in. */
export function stageRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handle(readStage, async () => {
      const row = await runningStage(context.storage.db, context.tenant);
      const colleagues = await activeColleagues(context);
      const isRunning = row && row.until.getTime() > context.clock.now();
      const people = isRunning ? colleagues.filter((one) => holds(context, row, one)) : [];
      return {
        ...(isRunning && { stage: await describeStage(context, row) }),
        people: people.slice(0, PEOPLE_MAX).map(({ subjectId, displayName, desk }) => {
          return { id: subjectId, name: displayName, desk };
        }),
        desks: desksOf(colleagues),
      };
    }),
    handle(stageCandidate, async ({ caller, params, body, decision }) =>
      describeStage(
        context,
        await startStage(context, {
          actor: caller.subjectId,
          candidateId: params.candidateId,
          ...body,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
    handle(endStage, async ({ caller, params, body, decision }) => {
      await end(context, {
        actor: caller.subjectId,
        stageId: params.stageId,
        reason: body.reason,
        decisionEvidenceId: decision.evidenceId,
      });
      return undefined;
    }),
  ];
}

async function describeStage(context: DecisionsContext, row: StageRow): Promise<StageSummary> {
  const colleagues = await activeColleagues(context);
  const candidate = await findCandidate(context.storage.db, context.tenant, row.candidate_id);
  return {
    ...settingOf(row),
    digest: row.digest,
    baseSequence: row.base_sequence,
    startedAt: row.started_at.toISOString(),
    startedBy: await named(context, row.started_by),
    note: candidate?.note ?? '',
    drops: dropsOf(candidate),
    people: {
      in: colleagues.filter((one) => holds(context, row, one)).length,
      of: colleagues.length,
    },
    compared: row.compared,
    evidenceId: row.evidence_id,
  };
}

async function activeColleagues({ colleagues }: DecisionsContext) {
  return ((await colleagues?.()) ?? []).filter(({ active }) => active);
}

/** Whether the stage decides about a colleague, by the very function that decisions use. */
function holds(
  { releases, release }: DecisionsContext,
  row: StageRow,
  { subjectId, desk }: KnownColleague,
): boolean {
  const person = { type: 'Staff', id: subjectId, desk };
  const { digest } = release().ref;
  return isIn(audienceOf(row), person, () => releases.signer.bucketOf(digest, subjectId));
}

function desksOf(colleagues: readonly KnownColleague[]) {
  const counts = new Map<string, number>();
  for (const { desk } of colleagues) counts.set(desk, (counts.get(desk) ?? 0) + 1);
  return [...counts]
    .map(([desk, people]) => ({ desk, people }))
    .toSorted((a, b) => (a.desk < b.desk ? -1 : 1));
}
