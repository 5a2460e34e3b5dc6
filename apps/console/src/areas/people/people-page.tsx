import { listInvitations } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { invitationColumns, invitationStateChoices } from './invitation-columns.tsx';
import { InviteSection } from './invite-section.tsx';

const route = getRouteApi('/app/people');

/** HR's page: invite somebody new, and see where the invitations stand. */
export function PeoplePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const invitations = useRouteQuery(listInvitations, { query: search }, { keepPrevious: true });
  return (
    <Page crumbs={[{ label: 'People', to: '/people' }, { label: 'Invitations' }]}>
      <div className="grid items-start gap-3 xl:grid-cols-[20rem_1fr]">
        <InviteSection />
        <div className="flex min-w-0 flex-col gap-3">
          <div className="w-52">
            <SelectField
              label="State"
              empty="Every state"
              choices={invitationStateChoices}
              value={search.state}
              onChoose={(state) => void navigate({ search: { state }, replace: true })}
            />
          </div>
          {invitations.error && <ProblemNotice error={invitations.error} />}
          <Section
            title="Invitations"
            flush
            aside={
              invitations.data && (
                <ListCount
                  shown={invitations.data.invitations.length}
                  total={invitations.data.total}
                  hasFilters
                />
              )
            }
          >
            {invitations.isPending && <Loading what="the invitations" />}
            {invitations.data && (
              <DataTable
                caption="Invitations"
                rows={invitations.data.invitations}
                columns={invitationColumns}
                keyOf={({ invitationId }) => invitationId}
                empty={<EmptyState title="No invitation fits this filter." />}
              />
            )}
          </Section>
        </div>
      </div>
    </Page>
  );
}
