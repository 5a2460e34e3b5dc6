import { listPeople, type Person } from '@proofline/protocol';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CircleCheck, Fingerprint, Send, UserX } from 'lucide-react';
import { roleWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { NoHandOnAuthenticators } from './no-hand-on-authenticators.tsx';
import { StaffFilters } from './staff-filters.tsx';

const route = getRouteApi('/app/security/people');

const looks = {
  invited: { icon: Send, tone: 'neutral', word: 'Invited' },
  registered: { icon: Fingerprint, tone: 'warn', word: 'Not confirmed' },
  active: { icon: CircleCheck, tone: 'accent', word: 'Active' },
  left: { icon: UserX, tone: 'neutral', word: 'Left' },
} as const;

/** Whether somebody works here. */
export function PersonStateBadge({ state }: { readonly state: Person['state'] }) {
  const { icon, tone, word } = looks[state];
  return (
    <Badge icon={icon} tone={tone}>
      {word}
    </Badge>
  );
}

const columns: Column<Person>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (original) => (
      <Link
        to="/security/people/$subjectId"
        params={{ subjectId: original.subjectId }}
        className="text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
      >
        {original.displayName}
      </Link>
    ),
  },
  { id: 'desk', header: 'Desk', cell: (row) => row.desk },
  {
    id: 'roles',
    header: 'Role',
    cell: (row) =>
      row.roles.map((role) => roleWords[role]).join(', ') || (
        <span className="text-dim">None yet</span>
      ),
  },
  {
    id: 'state',
    header: 'State',
    cell: (row) => <PersonStateBadge state={row.state} />,
  },
  {
    id: 'sessions',
    header: 'Sessions',
    cell: (original) => (
      <span className={original.sessions > 0 ? 'text-bright' : 'text-dim'}>
        {original.sessions > 0 ? `${original.sessions} live` : 'None'}
      </span>
    ),
  },
];

/** The staff: who they are and whether they are signed in. */
export function StaffPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const people = useRouteQuery(listPeople, { query: search }, { keepPrevious: true });
  const { cursor, ...filters } = search;
  const { data } = people;
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Staff' }]}>
      <NoHandOnAuthenticators />
      <StaffFilters
        // What stands in the address stands in the fields, after the Back button too.
        key={filters.name}
        filters={filters}
        desks={data?.desks ?? []}
        // Another question starts at its own first page.
        onChoose={(next) => void navigate({ search: next, replace: true })}
      />
      {people.error && <ProblemNotice error={people.error} />}
      <Section
        title="Staff"
        flush
        aside={
          data && (
            <ListCount
              shown={data.people.length}
              total={data.total}
              first={data.first ?? 'unknown'}
            />
          )
        }
      >
        {people.isPending && <Loading what="the staff" />}
        {data && (
          <DataTable
            walk
            caption="Staff"
            rows={data.people}
            columns={columns}
            keyOf={({ subjectId }) => subjectId}
            empty={<EmptyState title="Nobody fits these filters." />}
          />
        )}
      </Section>
      <div className="flex flex-wrap gap-2">
        {cursor !== undefined && (
          <Button onClick={() => void navigate({ search: filters })}>Back to the first</Button>
        )}
        {data?.nextCursor !== undefined && (
          <Button
            onClick={() => void navigate({ search: { ...filters, cursor: data.nextCursor } })}
          >
            The next ones
          </Button>
        )}
      </div>
    </Page>
  );
}
