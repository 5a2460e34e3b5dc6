import { Link } from '@tanstack/react-router';
import { Loader, Unplug, Zap } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { Badge } from '../ui/badge.tsx';
import { Moment } from '../ui/time-text.tsx';
import { crumbTarget, type Place } from './areas.ts';
import { useFeedState } from './live-events.tsx';
import { useSelf } from './self-context.tsx';

/** A step on the way to a page. */
export interface Crumb {
  readonly label: string;
  readonly to?: Place['to'];
}

/** A page: its way here is its title. */
export function Page({
  crumbs,
  aside,
  readAtMs,
  children,
}: {
  readonly crumbs: readonly Crumb[];
  readonly aside?: ReactNode;
  /** Of a page that is not kept fresh: when what it shows was read. It says so in place of the badge. */
  readonly readAtMs?: number;
  readonly children: ReactNode;
}) {
  const title = crumbs.at(-1)?.label ?? 'Proofline';
  useEffect(() => {
    document.title = `${title} · Proofline`;
  }, [title]);
  return (
    <div className="flex flex-col gap-3 p-3 lg:p-4">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 className="flex flex-wrap items-baseline gap-x-2 text-lg">
          {crumbs.slice(0, -1).map(({ label, to }) => (
            <span key={label} className="text-dim">
              {to ? <CrumbLink label={label} to={to} /> : label}
              <span aria-hidden className="pl-2">
                /
              </span>
            </span>
          ))}
          <span className="font-medium break-all text-bright">{title}</span>
        </h1>
        <div className="flex flex-wrap items-center gap-2">
          {aside}
          {readAtMs === undefined ? <FeedBadge /> : <ReadAt atMs={readAtMs} />}
        </div>
      </div>
      {children}
    </div>
  );
}

/** An area that this person cannot see at that page leads to what they can, or is no link. */
function CrumbLink({ label, to }: { readonly label: string; readonly to: Place['to'] }) {
  const target = crumbTarget(to, useSelf());
  if (!target) return label;
  return (
    <Link to={target} className="hover:text-bright hover:underline">
      {label}
    </Link>
  );
}

function ReadAt({ atMs }: { readonly atMs: number }) {
  return (
    <span className="text-xs text-dim">
      Read at <Moment at={new Date(atMs).toISOString()} withDay={false} />
    </span>
  );
}

function FeedBadge() {
  const state = useFeedState();
  if (state === 'live') return <Badge icon={Zap}>Up to date</Badge>;
  if (state === 'offline') {
    return (
      <Badge icon={Unplug} tone="warn">
        Offline · nothing is sent
      </Badge>
    );
  }
  if (state === 'connecting') return <Badge icon={Loader}>Connecting</Badge>;
  return (
    <Badge icon={Unplug} tone="warn">
      Reconnecting · may be late
    </Badge>
  );
}
