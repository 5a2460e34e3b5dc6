import { endSession, listSessions, type ColleaguesSession } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { knownRefusal } from '../../format/control-state.ts';
import { Page } from '../../shell/page.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { DataTable, type Column } from '../../ui/data-table.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { BindingBadge, LockedBadge, ProvedAt, RefusedElsewhere } from '../own/session-binding.tsx';

const columns: Column<ColleaguesSession>[] = [
  {
    id: 'name',
    header: 'Colleague',
    cell: (session) => <Whose session={session} />,
  },
  { id: 'desk', header: 'Desk', cell: ({ desk }) => desk },
  {
    id: 'bound',
    header: 'Bound to',
    cell: (session) => (
      <div className="flex flex-col items-start gap-1">
        <BindingBadge boundTo={session.boundTo} />
        <LockedBadge locked={session.locked} />
        <RefusedElsewhere refusedAt={session.refusedAt} />
      </div>
    ),
  },
  { id: 'proved', header: 'Proved', cell: (session) => <ProvedAt assurance={session.assurance} /> },
  { id: 'seen', header: 'Last used', cell: ({ lastSeenAt }) => <Moment at={lastSeenAt} /> },
  { id: 'since', header: 'Since', cell: ({ startedAt }) => <Moment at={startedAt} /> },
  { id: 'until', header: 'Until', cell: ({ expiresAt }) => <Moment at={expiresAt} /> },
  { id: 'end', header: 'End', cell: (session) => <EndButton session={session} /> },
];

/** Who is signed in, and what a copy of their cookies would be worth. */
export function SessionsPage() {
  const found = useRouteQuery(listSessions, {});
  const refused = found.data?.sessions.some(({ refusedAt }) => refusedAt !== undefined);
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Sessions' }]}>
      {found.error && <ProblemNotice error={found.error} />}
      {refused && (
        <Notice kind="warn" title="A session’s cookie was used where its key is not.">
          Somebody may have copied it, and got nothing for it. A browser that has lost its key, or
          an address in a message, looks the same. If in doubt, end the session, and look at the
          device.
        </Notice>
      )}
      <Section
        title="Live sessions"
        flush
        aside={
          found.data && (
            <ListCount
              shown={found.data.sessions.length}
              total={found.data.total}
              hasFilters={false}
            />
          )
        }
      >
        {found.isPending && <Loading what="the live sessions" />}
        {found.data && (
          <DataTable
            walk
            caption="Live sessions"
            rows={found.data.sessions}
            columns={columns}
            keyOf={({ sessionId }) => sessionId}
            empty={<EmptyState title="Nobody is signed in." />}
          />
        )}
      </Section>
    </Page>
  );
}

function Whose({ session }: { readonly session: ColleaguesSession }) {
  const self = useSelf();
  const { displayName, sessionId, subjectId } = session;
  return (
    <>
      <Link
        to="/security/people/$subjectId"
        params={{ subjectId }}
        className="text-bright underline decoration-line underline-offset-2 hover:decoration-accent"
      >
        {displayName}
      </Link>
      {sessionId === self.sessionId && <span className="text-dim"> (you, here)</span>}
    </>
  );
}

function EndButton({ session }: { readonly session: ColleaguesSession }) {
  const self = useSelf();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const end = useRouteMutation(endSession, () => {
    setAsking(false);
    refreshSoon(queries, ['sessions.list']);
  });
  const { displayName, sessionId } = session;
  const isOwn = sessionId === self.sessionId;
  return (
    <>
      <GuardedButton
        variant="danger"
        aria-label={`End the session of ${displayName}`}
        refusal={knownRefusal(self.capabilities, 'session:end')}
        onClick={() => {
          end.reset();
          setAsking(true);
        }}
      >
        End
      </GuardedButton>
      {isAsking && (
        <ConfirmDialog
          title={`End the session of ${displayName}?`}
          description={
            isOwn
              ? 'This is your own session: you are signed out at once.'
              : 'They are signed out at once, and the grants of their calls end. They may sign in again with their passkey.'
          }
          act="End it now"
          keep="Keep the session"
          running={end}
          onAct={() => end.mutate({ params: { sessionId } })}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
