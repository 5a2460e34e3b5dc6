import { endSession, readPerson, type Person } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { z } from 'zod';
import { knownRefusal } from '../../format/control-state.ts';
import { roleWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useState } from 'react';
import { GuardedButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { AuthenticatorTable } from './authenticator-table.tsx';
import { NoHandOnAuthenticators } from './no-hand-on-authenticators.tsx';
import { PersonStateBadge } from './staff-page.tsx';

const route = getRouteApi('/app/security/people/$subjectId');
type FullPerson = z.output<typeof readPerson.reply>;
type LiveSession = FullPerson['liveSessions'][number];

/** One colleague: their authenticators to look at, their sessions to end. */
export function PersonPage() {
  const { subjectId } = route.useParams();
  // Text from the address; the server parses it and refuses what is no id.
  const params = { subjectId: subjectId as Person['subjectId'] };
  const person = useRouteQuery(readPerson, { params });
  return (
    <Page
      crumbs={[
        { label: 'Security', to: '/security/people' },
        { label: 'Staff', to: '/security/people' },
        { label: person.data?.displayName ?? 'Colleague' },
      ]}
      aside={person.data && <PersonStateBadge state={person.data.state} />}
    >
      {person.isPending && <Loading what="the colleague" />}
      {person.error && <ProblemNotice error={person.error} />}
      {person.data && <Details person={person.data} />}
    </Page>
  );
}

function Details({ person }: { readonly person: FullPerson }) {
  return (
    <>
      <NoHandOnAuthenticators />
      <div className="grid items-start gap-3 xl:grid-cols-[22rem_1fr]">
        <Section title="Colleague">
          <PropertyList
            items={[
              { label: 'Name', value: person.displayName },
              { label: 'Desk', value: person.desk },
              {
                label: 'Role',
                value: person.roles.map((role) => roleWords[role]).join(', ') || 'None yet',
              },
              {
                label: 'Id',
                value: <span className="font-mono text-xs break-all">{person.subjectId}</span>,
              },
            ]}
          />
        </Section>
        <div className="flex min-w-0 flex-col gap-3">
          <Section title="Authenticators" flush>
            <AuthenticatorTable authenticators={person.authenticators} />
          </Section>
          <Section title="Live sessions">
            {person.liveSessions.length === 0 ? (
              <EmptyState title="Not signed in anywhere." />
            ) : (
              <ul className="flex flex-col gap-3">
                {person.liveSessions.map((session) => (
                  <SessionLine key={session.sessionId} session={session} />
                ))}
              </ul>
            )}
          </Section>
        </div>
      </div>
    </>
  );
}

function SessionLine({ session }: { readonly session: LiveSession }) {
  const self = useSelf();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const end = useRouteMutation(endSession, () => {
    setAsking(false);
    refreshSoon(queries, ['people.read', 'people.list']);
  });
  const isOwn = session.sessionId === self.sessionId;
  return (
    <li className="flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0 text-sm">
        <p className="font-mono text-xs break-all text-bright">{session.sessionId}</p>
        <p className="text-dim">
          Since <Moment at={session.startedAt} />, until <Moment at={session.expiresAt} />
          {isOwn && ' · this is your own'}
        </p>
      </div>
      <GuardedButton
        variant="danger"
        refusal={knownRefusal(self.capabilities, 'session:end')}
        onClick={() => {
          end.reset();
          setAsking(true);
        }}
      >
        End session
      </GuardedButton>
      {isAsking && (
        <ConfirmDialog
          title="End this session?"
          description={
            isOwn
              ? 'This is your own session: you are signed out at once.'
              : 'Whoever works in it is signed out at once, and the grants of their calls end. They may sign in again with their passkey.'
          }
          act="End it now"
          keep="Keep the session"
          running={end}
          onAct={() => end.mutate({ params: { sessionId: session.sessionId } })}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
