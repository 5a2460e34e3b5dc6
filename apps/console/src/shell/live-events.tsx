import { readSelf } from '@proofline/protocol';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { startEventFeed, type FeedState, type LiveEvent } from '../api/event-feed.ts';
import { useApi } from './api-context.tsx';
import { policyReads } from './policy-reads.ts';
import { refreshAll, refreshSoon } from './refresh-soon.ts';

/** What each live event makes stale, by the ids of the routes that read it. */
const staleAfter: Readonly<Record<string, readonly string[]>> = {
  'interaction.changed': ['interactions.read', 'interactions.list', 'approvals.list', 'cases.list'],
  'proof-request.changed': ['interactions.read', 'interactions.list'],
  'approval.changed': ['approvals.list', 'interactions.read'],
  'break-glass.changed': ['break-glass.list', 'break-glass.read'],
  'onboarding.changed': ['onboarding.list', 'people.list'],
  'own-authenticators.changed': ['self.passkeys'],
  'sign-in-request.changed': ['self.sign-in-requests'],
  'recovery.changed': ['recovery.own'],
  'switch.changed': ['switches.list'],
  'session.changed': ['people.list', 'people.read', 'sessions.list', 'self.sessions'],
  'policy.changed': policyReads,
};

/** After these, what is on the screen may not be permitted any more, whatever it is. */
const standingChanged: ReadonlySet<string> = new Set([
  'stop.changed',
  'own-stop.changed',
  'policies-in-force.changed',
]);

/** Whatever an event could have told of. */
const liveRoutes = [...new Set(Object.values(staleAfter).flat())];

/** Asked anew after a break besides: the server breaks off when somebody’s desk or roles change. */
const afterBreak = [...liveRoutes, readSelf.id];

const FeedContext = createContext<FeedState | 'offline'>('connecting');

/** Whether live changes arrive. */
export function useFeedState(): FeedState | 'offline' {
  return use(FeedContext);
}

/** Keeps the event stream open while somebody is signed in, and the screens fresh. */
export function LiveEvents({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const queries = useQueryClient();
  const [state, setState] = useState<FeedState>('connecting');
  useEffect(() => {
    const feed = startEventFeed({
      open: (signal) => api.openEvents(signal),
      onEvent: (event) => {
        if (event.name === 'session.ended') api.session.forget('ended');
        else if (event.name === 'session.locked') api.lock.told(true);
        else if (event.name === 'session.unlocked') api.lock.told(false);
        else refresh(queries, event);
      },
      onOpen: (isFirst) => refreshSoon(queries, isFirst ? liveRoutes : afterBreak),
    });
    const stop = feed.state.subscribe(() => setState(feed.state.get()));
    return () => {
      stop();
      feed.stop();
    };
  }, [api, queries]);
  useSlowPolling(queries, state === 'late');
  const isOnline = useSyncExternalStore(onNetwork, () => window.navigator.onLine);
  return <FeedContext value={isOnline ? state : 'offline'}>{children}</FeedContext>;
}

function onNetwork(changed: () => void): () => void {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
}

function refresh(queries: QueryClient, { name }: LiveEvent): void {
  if (standingChanged.has(name)) void refreshAll(queries);
  else refreshSoon(queries, staleAfter[name] ?? []);
}

/** While the line is down, ask. What is late must not look current. */
function useSlowPolling(queries: QueryClient, active: boolean): void {
  useEffect(() => {
    if (!active) return undefined;
    const timer = window.setInterval(() => refreshSoon(queries, liveRoutes), 5000);
    return () => window.clearInterval(timer);
  }, [active, queries]);
}
