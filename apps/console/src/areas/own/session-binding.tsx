import type { LiveSession } from '@proofline/protocol';
import { AppWindow, Cookie, Cpu, Lock, ShieldAlert } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { Moment } from '../../ui/time-text.tsx';

const looks = {
  'device-key': { icon: Cpu, tone: 'accent', word: 'Its device' },
  'console-key': { icon: AppWindow, tone: 'accent', word: 'Its browser’s key' },
  cookie: { icon: Cookie, tone: 'warn', word: 'Its cookie only' },
} as const;

/** What a copy of the session’s cookie would lack. */
export function BindingBadge({ boundTo }: Pick<LiveSession, 'boundTo'>) {
  const { icon, tone, word } = looks[boundTo];
  return (
    <Badge icon={icon} tone={tone}>
      {word}
    </Badge>
  );
}

/** That nothing is done in it until its own passkey is touched. */
export function LockedBadge({ locked }: Pick<LiveSession, 'locked'>) {
  if (!locked) return undefined;
  return (
    <Badge icon={Lock} tone="neutral">
      Locked
    </Badge>
  );
}

/** That somebody used the session’s cookie elsewhere. */
export function RefusedElsewhere({ refusedAt }: Pick<LiveSession, 'refusedAt'>) {
  if (refusedAt === undefined) return undefined;
  return (
    <p className="flex flex-wrap items-center gap-1 text-sm">
      <Badge icon={ShieldAlert} tone="danger">
        Refused elsewhere
      </Badge>
      <Moment at={refusedAt} />
    </p>
  );
}

/** When its person proved themselves, for each level. */
export function ProvedAt({ assurance }: Pick<LiveSession, 'assurance'>) {
  const levels = (['phrh', 'phr'] as const).flatMap((level) => {
    const seconds = assurance[level];
    return seconds === undefined ? [] : [{ level, at: new Date(seconds * 1000).toISOString() }];
  });
  return (
    <ul>
      {levels.map(({ level, at }) => (
        <li key={level} className="whitespace-nowrap">
          <span className="font-mono text-bright">{level}</span> <Moment at={at} />
        </li>
      ))}
    </ul>
  );
}
