import { listInteractions } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
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
  const query = { state: search.state ?? 'not-ended' } as const;
  const calls = useRouteQuery(listInteractions, { query }, { keepPrevious: true });
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
      <Section
        title={`Calls of ${desk}`}
        flush
        aside={
          calls.data && (
            <ListCount shown={calls.data.interactions.length} total={calls.data.total} hasFilters />
          )
        }
      >
        {calls.isPending && <Loading what="the calls" />}
        {calls.data && (
          <DataTable
            walk
            caption="Calls of the desk"
            rows={calls.data.interactions}
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
