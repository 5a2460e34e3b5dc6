import {
  listReplays,
  readDifferences,
  type CandidateSummary,
  type Replay,
} from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { SelectField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/surface.tsx';
import { DifferenceList } from './difference-list.tsx';

const route = getRouteApi('/app/security/policies');

/** Whom a candidate would have met: in its shadow, or on recorded decisions. */
export function DifferencesSection({ setId }: { readonly setId: string }) {
  const { replay } = route.useSearch();
  const navigate = route.useNavigate();
  // Text from the address; the server parses both and refuses what is no id.
  const params = { candidateId: setId as CandidateSummary['candidateId'] };
  const chosen = replay as Replay['replayId'] | undefined; // the same
  const replays = useRouteQuery(listReplays, { params });
  const found = useRouteQuery(readDifferences, {
    params,
    query: chosen === undefined ? {} : { replay: chosen },
  });
  const current = replays.data?.replays.find(({ replayId }) => replayId === chosen);
  return (
    <Section title="What it would have decided otherwise">
      <div className="flex flex-col gap-3 text-sm">
        <SelectField
          label="On"
          empty="Live traffic, in its shadow"
          value={chosen}
          choices={(replays.data?.replays ?? []).map(({ replayId, to, total }) => ({
            value: replayId,
            label: `Replay of ${total} decisions until ${to.slice(0, 16).replace('T', ' ')}`,
          }))}
          onChoose={(value) => void navigate({ search: (now) => ({ ...now, replay: value }) })}
        />
        {current && <ReplayProgress replay={current} />}
        {found.isPending && <Loading what="the differences" />}
        {found.error && <ProblemNotice error={found.error} />}
        {found.data && (
          <DifferenceList found={found.data} isWhole={current?.state === 'finished'} />
        )}
      </div>
    </Section>
  );
}

const stateWords: Readonly<Record<Replay['state'], string>> = {
  running: 'Under way',
  finished: 'Finished',
  failed: 'Failed',
  stalled: 'Stands still',
};

function ReplayProgress({ replay }: { readonly replay: Replay }) {
  const { state, done, total, reproduced, notReproduced, notDerivable } = replay;
  return (
    <p role="status">
      {stateWords[state]}: {done} of {total} decisions. {reproduced} came out under their own
      release exactly as they were answered
      {notReproduced.length > 0 && `, ${notReproduced.length} did not: ${notReproduced.join(', ')}`}
      {notDerivable > 0 && `, ${notDerivable} rested on something else than policies`}.
    </p>
  );
}
