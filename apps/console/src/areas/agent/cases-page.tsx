import { listCases, type CaseSummary } from '@proofline/protocol';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CircleCheck, CircleDot } from 'lucide-react';
import { caseTypeWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { choicesOf, SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

const route = getRouteApi('/app/agent/cases');
const stateChoices = [
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
] as const;

const columns: Column<CaseSummary>[] = [
  {
    id: 'case',
    header: 'Case',
    cell: (row) => <span className="font-mono text-xs text-bright">{row.caseId}</span>,
  },
  { id: 'type', header: 'About', cell: (row) => caseTypeWords[row.caseType] },
  {
    id: 'state',
    header: 'State',
    cell: (row) =>
      row.state === 'open' ? (
        <Badge icon={CircleDot}>Open</Badge>
      ) : (
        <Badge icon={CircleCheck}>Closed</Badge>
      ),
  },
  { id: 'opened', header: 'Opened', cell: (row) => <Moment at={row.openedAt} /> },
  {
    id: 'call',
    header: 'Call',
    cell: (original) =>
      original.interactionId ? (
        <Link
          to="/agent/calls/$interactionId"
          params={{ interactionId: original.interactionId }}
          className="text-bright underline decoration-line underline-offset-2"
        >
          Open its call
        </Link>
      ) : (
        <span className="text-dim">None: of earlier days</span>
      ),
  },
];

/** Cases by type and state; there is nothing personal in the list. */
export function CasesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const cases = useRouteQuery(listCases, { query: search }, { keepPrevious: true });
  return (
    <Page crumbs={[{ label: 'Agent', to: '/agent' }, { label: 'Cases' }]}>
      <div className="flex flex-wrap gap-3">
        <div className="w-40">
          <SelectField
            label="State"
            empty="Every state"
            choices={stateChoices}
            value={search.state}
            onChoose={(state) => void navigate({ search: { ...search, state }, replace: true })}
          />
        </div>
        <div className="w-40">
          <SelectField
            label="About"
            empty="Everything"
            choices={choicesOf(caseTypeWords)}
            value={search.caseType}
            onChoose={(caseType) =>
              void navigate({ search: { ...search, caseType }, replace: true })
            }
          />
        </div>
      </div>
      {cases.error && <ProblemNotice error={cases.error} />}
      {cases.data?.cases.some(({ interactionId }) => !interactionId) && (
        <p className="text-sm text-dim">
          A case of earlier days belongs to no call, so nothing of it can be opened here. An account
          opens on a call, by the customer’s own proof, and only for as long as the call lasts.
        </p>
      )}
      <Section
        title="Cases"
        flush
        aside={
          cases.data && (
            <ListCount shown={cases.data.cases.length} total={cases.data.total} hasFilters />
          )
        }
      >
        {cases.isPending && <Loading what="the cases" />}
        {cases.data && (
          <DataTable
            caption="Cases"
            rows={cases.data.cases}
            columns={columns}
            keyOf={({ caseId }) => caseId}
            empty={<EmptyState title="No case fits these filters." />}
          />
        )}
      </Section>
    </Page>
  );
}
