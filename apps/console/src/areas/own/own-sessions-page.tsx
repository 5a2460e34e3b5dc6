import { endOneOwnSession, listOwnSessions, type LiveSession } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../../shell/api-context.tsx';
import { Page } from '../../shell/page.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { SignInRequestsSection } from './sign-in-requests-section.tsx';
import { BindingBadge, LockedBadge, ProvedAt, RefusedElsewhere } from './session-binding.tsx';

/** Where one is signed in, and the end of what one does not know. */
export function OwnSessionsPage() {
  const own = useRouteQuery(listOwnSessions, {});
  return (
    <Page crumbs={[{ label: 'My sessions' }]}>
      <SignInRequestsSection />
      {own.isPending && <Loading what="your sessions" />}
      {own.error && <ProblemNotice error={own.error} />}
      {own.data && (
        <Section title="Where you are signed in">
          <ul className="flex flex-col gap-4">
            {own.data.sessions.map((session) => (
              <SessionItem key={session.sessionId} session={session} />
            ))}
          </ul>
        </Section>
      )}
      {own.data?.sessions.some(({ refusedAt }) => refusedAt !== undefined) && (
        <Notice kind="warn" title="Somebody asked with a copy of your cookie and got nothing.">
          It may have been this browser, if its data was cleared. If you do not know what it was,
          end the session, and tell security.
        </Notice>
      )}
    </Page>
  );
}

function SessionItem({ session }: { readonly session: LiveSession }) {
  const self = useSelf();
  const api = useApi();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const { sessionId } = session;
  const isThis = sessionId === self.sessionId;
  const end = useRouteMutation(endOneOwnSession, () => {
    setAsking(false);
    if (isThis) api.session.forget('left');
    else refreshSoon(queries, ['self.sessions']);
  });
  return (
    <li className="flex flex-wrap items-start justify-between gap-3">
      <div className="flex min-w-0 flex-col gap-1 text-sm">
        <p className="flex flex-wrap items-center gap-2 text-bright">
          {isThis ? 'This one' : 'Another browser'}
          <BindingBadge boundTo={session.boundTo} />
          <LockedBadge locked={session.locked} />
        </p>
        <p className="text-dim">
          Since <Moment at={session.startedAt} />, last used <Moment at={session.lastSeenAt} />,
          until <Moment at={session.expiresAt} />
        </p>
        <ProvedAt assurance={session.assurance} />
        <RefusedElsewhere refusedAt={session.refusedAt} />
      </div>
      <Button
        variant="danger"
        aria-label={isThis ? 'End this session' : `End the session since ${session.startedAt}`}
        onClick={() => {
          end.reset();
          setAsking(true);
        }}
      >
        End
      </Button>
      {isAsking && (
        <ConfirmDialog
          title="End this session?"
          description={
            isThis
              ? 'You are signed out here at once.'
              : 'Whoever works in it is signed out at once. It takes your passkey to sign in again.'
          }
          act="End it now"
          keep="Keep it"
          running={end}
          onAct={() => end.mutate({ params: { sessionId } })}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
