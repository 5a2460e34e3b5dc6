import { endStage, readDifferences, readStage, type StageSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { knownRefusal } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { DifferenceList } from './difference-list.tsx';
import { ReasonDialog } from './reason-dialog.tsx';
import { policyReads } from '../../shell/policy-reads.ts';
import { StageDialog } from './stage-dialog.tsx';
import { audienceText } from './stage-words.ts';

/** The candidate that is in force for some: who they are, and what is otherwise because of it. */
export function StageSection() {
  const found = useRouteQuery(readStage, {});
  if (found.error) return <ProblemNotice error={found.error} />;
  if (!found.data?.stage) return null;
  return <Running stage={found.data.stage} people={found.data.people} />;
}

function Running({
  stage,
  people,
}: {
  readonly stage: StageSummary;
  readonly people: z.output<typeof readStage.reply>['people'];
}) {
  const { stageId, candidateId } = stage;
  const [open, setOpen] = useState<'widen' | 'end'>();
  const { capabilities } = useSelf();
  const differences = useRouteQuery(readDifferences, {
    params: { candidateId },
    query: { stage: stageId },
  });
  const close = () => setOpen(undefined);
  return (
    <Section title="In force for some">
      <div className="flex flex-col gap-3 text-sm">
        <PropertyList
          items={[
            {
              label: 'Candidate',
              value: (
                <Link
                  to="/security/policies"
                  search={{ set: candidateId }}
                  className="text-bright underline"
                >
                  {stage.note || 'Without a note'}
                </Link>
              ),
            },
            {
              label: 'For',
              value: `${audienceText(stage.audience)}: ${stage.people.in} of ${stage.people.of} colleagues`,
            },
            { label: 'Begun by', value: stage.startedBy.name ?? stage.startedBy.id },
            { label: 'Ends', value: <Moment at={stage.until} /> },
            { label: 'Decided by it', value: stage.compared },
          ]}
        />
        <details>
          <summary>Who is in</summary>
          <ul>
            {people.map(({ id, name, desk }) => (
              <li key={id}>
                {name ?? id}, {desk}
              </li>
            ))}
          </ul>
        </details>
        <h3 className="text-bright">Decided otherwise than by the release in force</h3>
        {differences.error && <ProblemNotice error={differences.error} />}
        {differences.data && <DifferenceList found={differences.data} isDone />}
        <div className="flex flex-wrap gap-2">
          <GuardedButton
            refusal={knownRefusal(capabilities, 'policy:propose')}
            onClick={() => setOpen('widen')}
          >
            For others …
          </GuardedButton>
          <GuardedButton
            variant="danger"
            refusal={knownRefusal(capabilities, 'policy:rollback')}
            onClick={() => setOpen('end')}
          >
            End it for everybody …
          </GuardedButton>
        </div>
      </div>
      {open === 'widen' && (
        <StageDialog
          candidate={stage}
          stage={stage}
          liveSequence={stage.baseSequence}
          onClose={close}
        />
      )}
      {open === 'end' && <EndDialog stageId={stageId} onClose={close} />}
    </Section>
  );
}

function EndDialog({
  stageId,
  onClose,
}: {
  readonly stageId: StageSummary['stageId'];
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const end = useRouteMutation(endStage, () => {
    refreshSoon(queries, policyReads);
    onClose();
  });
  return (
    <ReasonDialog
      title="End it for everybody"
      description="The release in force decides for all of them again, within two seconds on every server."
      act="End it"
      running={end}
      onAct={(reason) => end.mutate({ params: { stageId }, body: { reason } })}
      onClose={onClose}
    />
  );
}
