import { listInteractions } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { callColumns } from './call-columns.tsx';
import { callStateChoices } from './call-words.tsx';

const route = getRouteApi('/app/agent');

/** The agent's own calls. */
export function CallsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const calls = useRouteQuery(listInteractions, { query: search }, { keepPrevious: true });
  return (
    <Page crumbs={[{ label: 'Agent', to: '/agent' }, { label: 'Calls' }]}>
      <div className="w-44">
        <SelectField
          label="State"
          empty="Every state"
          choices={callStateChoices}
          value={search.state}
          onChoose={(state) => void navigate({ search: state ? { state } : {}, replace: true })}
        />
      </div>
      {calls.error && <ProblemNotice error={calls.error} />}
      <Section
        title="Your calls"
        flush
        aside={
          calls.data && (
            <ListCount shown={calls.data.interactions.length} total={calls.data.total} hasFilters />
          )
        }
      >
        {calls.isPending && <Loading what="your calls" />}
        {calls.data && (
          <DataTable
            walk
            caption="Your calls"
            rows={calls.data.interactions}
            columns={callColumns}
            keyOf={(call) => call.interactionId}
            empty={
              <EmptyState title={search.state ? 'No call is in this state.' : 'No calls yet.'}>
                When one rings at your desk, its panel opens here by itself.
              </EmptyState>
            }
          />
        )}
      </Section>
    </Page>
  );
}
