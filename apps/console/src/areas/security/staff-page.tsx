import { listPeople, roles, type Person } from '@proofline/protocol';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CircleCheck, Fingerprint, Send, UserX } from 'lucide-react';
import { roleWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { NoHandOnAuthenticators } from './no-hand-on-authenticators.tsx';

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
  const everybody = useRouteQuery(listPeople, { query: {} });
  const people = useRouteQuery(listPeople, { query: search }, { keepPrevious: true });
  const desks = [...new Set(everybody.data?.people.map(({ desk }) => desk))].toSorted();
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Staff' }]}>
      <NoHandOnAuthenticators />
      <div className="flex flex-wrap gap-3">
        <div className="w-48">
          <SelectField
            label="Desk"
            empty="Every desk"
            choices={desks.map((desk) => ({ value: desk, label: desk }))}
            value={search.desk}
            onChoose={(desk) => void navigate({ search: { ...search, desk }, replace: true })}
          />
        </div>
        <div className="w-48">
          <SelectField
            label="Role"
            empty="Every role"
            choices={roles.map((value) => ({ value, label: roleWords[value] }))}
            value={search.role}
            onChoose={(role) => void navigate({ search: { ...search, role }, replace: true })}
          />
        </div>
      </div>
      {people.error && <ProblemNotice error={people.error} />}
      <Section
        title="Staff"
        flush
        aside={
          people.data && (
            <ListCount shown={people.data.people.length} total={people.data.total} hasFilters />
          )
        }
      >
        {people.isPending && <Loading what="the staff" />}
        {people.data && (
          <DataTable
            walk
            caption="Staff"
            rows={people.data.people}
            columns={columns}
            keyOf={({ subjectId }) => subjectId}
            empty={<EmptyState title="Nobody fits these filters." />}
          />
        )}
      </Section>
    </Page>
  );
}
