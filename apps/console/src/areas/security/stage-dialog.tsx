import {
  readStage,
  stageCandidate,
  type CandidateSummary,
  type StageSummary,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { DroppedPromisesNotice, droppingOf, dropsNothing } from './dropped-promises.tsx';
import { policyReads } from '../../shell/policy-reads.ts';

/** Chooses for whom a candidate is in force: desks, how many of their people, and how long. */
export function StageDialog({
  candidate: { candidateId, digest, drops },
  liveSequence,
  stage,
  onClose,
}: {
  readonly candidate: Pick<CandidateSummary, 'candidateId' | 'digest' | 'drops'>;
  readonly liveSequence: number;
  /** The one that runs, when it is to be widened. */
  readonly stage?: StageSummary | undefined;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const found = useRouteQuery(readStage, {});
  const [desks, setDesks] = useState<readonly string[]>(stage?.audience.desks ?? []);
  const [percent, setPercent] = useState(String(stage?.audience.percent ?? 10));
  const [hours, setHours] = useState('24');
  const begin = useRouteMutation(stageCandidate, () => {
    refreshSoon(queries, policyReads);
    onClose();
  });
  const toggle = (desk: string, isChosen: boolean) =>
    setDesks(isChosen ? [...desks, desk] : desks.filter((one) => one !== desk));
  return (
    <Dialog
      open
      onClose={onClose}
      title={stage ? 'Put it in force for others' : 'Put it in force for some'}
      description="It decides for these people within two seconds on every server. For everybody else the release in force goes on."
    >
      <form
        className="flex flex-col gap-3 px-4 pb-4"
        onSubmit={(event) => {
          event.preventDefault();
          const audience = { desks: [...desks], percent: Number(percent) };
          begin.mutate({
            params: { candidateId },
            body: {
              digest,
              liveSequence,
              audience,
              hours: Number(hours),
              dropping: droppingOf(drops),
              ...(stage && { seen: { stageId: stage.stageId, revision: stage.revision } }),
            },
          });
        }}
      >
        <fieldset className="flex flex-col gap-1 text-sm">
          <legend className="label-mono text-dim">Desks</legend>
          {found.data?.desks.map(({ desk, people }) => (
            <label key={desk} className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={desks.includes(desk)}
                onChange={({ target }) => toggle(desk, target.checked)}
              />
              {desk}, {people} {people === 1 ? 'person' : 'people'}
            </label>
          ))}
          <p className="text-xs text-dim">None chosen: all desks.</p>
        </fieldset>
        <TextField
          label="Percent of their people"
          hint="Who they are follows from a keyed hash: nobody can choose. More only adds people."
          type="number"
          min={1}
          max={100}
          required
          value={percent}
          onChange={({ target }) => setPercent(target.value)}
        />
        <TextField
          label="Hours"
          hint="Afterwards the release in force decides for everybody again."
          type="number"
          min={1}
          max={720}
          required
          value={hours}
          onChange={({ target }) => setHours(target.value)}
        />
        {!dropsNothing(drops) && <DroppedPromisesNotice drops={drops} isSeen />}
        {begin.error && <ProblemNotice error={begin.error} />}
        <Button type="submit" variant="primary" pending={begin.isPending}>
          Put in force for these
        </Button>
      </form>
    </Dialog>
  );
}
