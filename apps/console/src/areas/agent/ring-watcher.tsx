import { listInteractions } from '@proofline/protocol';
import { Link, useMatchRoute, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { placesOf } from '../../shell/areas.ts';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { holdsShownOnce } from '../../shell/unsent-work.tsx';
import { useSelf } from '../../shell/self-context.tsx';
import { Notice } from '../../ui/notice.tsx';
import { callToOpen, seenAtFirst } from './call-to-open.ts';

/**
 * Opens the panel of a call by itself as soon as it begins to ring. An agent who is on a call is only
 * told: what they are typing there is not taken from under their hands. So is whoever has a code before
 * them that is shown this once. Whoever opens another page during a call stays on it.
 */
export function RingWatcher() {
  const self = useSelf();
  const takesCalls = placesOf(self).some(({ to }) => to === '/agent');
  return takesCalls ? <Watcher agentId={self.subjectId} /> : null;
}

function Watcher({ agentId }: { readonly agentId: string }) {
  const navigate = useNavigate();
  const matchRoute = useMatchRoute();
  const calls = useRouteQuery(listInteractions, { query: {} });
  const seen = useRef<Set<string>>(undefined);
  const here = matchRoute({ to: '/agent/calls/$interactionId' });
  const hereId = here ? here.interactionId : undefined;
  const isAtList = matchRoute({ to: '/agent' }) !== false;
  const all = calls.data?.interactions;
  const waiting = callToOpen(all ?? [], agentId, hereId);
  const isOnCall = all?.some((call) => call.interactionId === hereId && call.state !== 'ended');

  useEffect(() => {
    if (!all) return;
    seen.current ??= seenAtFirst(all, isAtList);
    // Whoever leaves a call's panel on purpose is not sent back to it.
    if (hereId) seen.current.add(hereId);
    const rings = callToOpen(all, agentId, hereId);
    if (!rings || seen.current.has(rings.interactionId)) return;
    seen.current.add(rings.interactionId);
    if (isOnCall || holdsShownOnce()) return;
    const { interactionId } = rings;
    void navigate({
      to: '/agent/calls/$interactionId',
      params: { interactionId },
      // The list did its work; from elsewhere the way back is kept.
      replace: isAtList,
      // The customer waits: a half-filled form of another page asks nothing now.
      ignoreBlocker: true,
    });
  }, [agentId, all, hereId, isAtList, isOnCall, navigate]);

  if (!waiting || !(hereId || holdsShownOnce())) return null;
  return (
    <div className="px-3 pt-3 lg:px-4">
      <Notice
        kind="warn"
        title={hereId ? 'Another call is ringing at your desk.' : 'A call is ringing at your desk.'}
      >
        <Link
          to="/agent/calls/$interactionId"
          params={{ interactionId: waiting.interactionId }}
          className="text-bright underline"
        >
          Open its panel
        </Link>{' '}
        when you are ready
        {hereId ? '; this call goes on. What you typed and have not sent would be lost.' : '.'}
      </Notice>
    </div>
  );
}
