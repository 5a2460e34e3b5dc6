import { listInteractions } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { deskCallColumns } from '../agent/call-columns.tsx';
import { callStateChoices } from '../agent/call-words.tsx';

const route = getRouteApi('/app/supervisor/calls');

/** The calls of the desk, live. */
export function DeskCallsPage() {
  const { desk } = useSelf();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const calls = useRouteQuery(listInteractions, { query: search }, { keepPrevious: true });
  const shown = (calls.data?.interactions ?? []).filter(
    ({ state }) => search.state !== undefined || state !== 'ended',
  );
  return (
    <Page crumbs={[{ label: 'Supervisor', to: '/supervisor/approvals' }, { label: 'Live calls' }]}>
      <div className="w-44">
        <SelectField
          label="State"
          empty="Not ended"
          choices={callStateChoices}
          value={search.state}
          onChoose={(state) => void navigate({ search: { state }, replace: true })}
        />
      </div>
      {calls.error && <ProblemNotice error={calls.error} />}
      <Section title={`Calls of ${desk}`} flush>
        {calls.isPending && <Loading what="the calls" />}
        {calls.data && (
          <DataTable
            walk
            caption="Calls of the desk"
            rows={shown}
            columns={deskCallColumns}
            keyOf={({ interactionId }) => interactionId}
            empty={
              <EmptyState
                title={search.state ? 'No call is in this state.' : 'Nobody is on a call.'}
              >
                {search.state
                  ? 'Choose another state above.'
                  : 'When one rings at your desk, it appears here by itself.'}
              </EmptyState>
            }
          />
        )}
      </Section>
    </Page>
  );
}
