import { ageText, countdownText, momentOf } from '../format/time.ts';
import { useNow } from './use-now.ts';

/** A moment: the day dim, the time bright. */
export function Moment({
  at,
  withDay = true,
}: {
  readonly at: string;
  readonly withDay?: boolean;
}) {
  const { day, clock } = momentOf(at);
  return (
    <time dateTime={at} className="whitespace-nowrap">
      {withDay && <span className="text-dim">{day} </span>}
      <span className="text-bright">{clock}</span>
    </time>
  );
}

/** How long ago, counting. */
export function Age({ since }: { readonly since: string }) {
  const nowMs = useNow();
  return <span className="text-bright">{ageText(nowMs - Date.parse(since))}</span>;
}

/** How long until, counting down; says so when it is over. */
export function Countdown({
  untilMs,
  over = 'over',
}: {
  readonly untilMs: number;
  readonly over?: string;
}) {
  const nowMs = useNow();
  const leftMs = untilMs - nowMs;
  // A timer that speaks every second would drown everything else; it is read on demand.
  return (
    <span role="timer" aria-live="off" className="font-mono text-bright">
      {leftMs > 0 ? countdownText(leftMs) : over}
    </span>
  );
}

/** When something was used last, in the middle of a sentence. */
export function LastUse({ at }: { readonly at: string | undefined }) {
  if (at === undefined) return 'never used';
  return (
    <>
      last used <Moment at={at} />
    </>
  );
}
