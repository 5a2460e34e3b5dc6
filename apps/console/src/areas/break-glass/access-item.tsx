import {
  answerBreakGlass,
  breakGlassCategories,
  breakGlassLimits,
  breakGlassReasons,
  endBreakGlass,
  type BreakGlass,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { categoryWords } from '../../format/words.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ListItem } from '../../ui/list-item.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Countdown, Moment } from '../../ui/time-text.tsx';
import { endWords, lookOf, sentence } from './break-glass-words.ts';

/** One emergency access: who asked for what and why, where it stands, and the step that is next. */
export function AccessItem({
  access,
  isShown,
  onShow,
}: {
  readonly access: BreakGlass;
  readonly isShown: boolean;
  readonly onShow: () => void;
}) {
  const shows = access.isOwn && access.state === 'open' ? 'Read' : 'Show';
  const press = isShown ? 'Hide' : shows;
  return (
    <ListItem
      standing={lookOf(access)}
      name={
        <>
          <span className="font-mono">{access.accountNumber}</span>
          {access.state === 'open' && access.endsAt && (
            <span className="text-dim">
              ends in <Countdown untilMs={Date.parse(access.endsAt)} />
            </span>
          )}
        </>
      }
      acts={
        <div className="flex max-w-sm flex-col items-end gap-2">
          <Answer access={access} />
          <End access={access} />
          <Button
            aria-expanded={isShown}
            onClick={onShow}
            aria-label={`${press}: ${access.accountNumber}`}
          >
            {press}
          </Button>
        </div>
      }
    >
      <p className="text-text">{whatOf(access)}</p>
      <p className="text-text">
        {sentence(breakGlassReasons[access.reasonCode])}: {access.note}
      </p>
      <p className="text-dim">
        {access.requestedBy.displayName}
        {access.isOwn && ' (you)'}, {access.desk} · <Moment at={access.requestedAt} /> · for{' '}
        {access.minutes} minutes
      </p>
      <Course access={access} />
    </ListItem>
  );
}

function whatOf({ categories }: BreakGlass): string {
  const names = categories.map((category) => categoryWords[category]).join(', ');
  return categories.length === breakGlassCategories.length
    ? `Everything that can be opened: ${names}`
    : names;
}

function Course({ access }: { readonly access: BreakGlass }) {
  const { openedBy, openedAt, endedBecause, endsAt, reviewedBy, verdict, words } = access;
  return (
    <>
      {access.state === 'waiting' && (
        <p className="text-dim">
          It lapses {breakGlassLimits.waitsMinutes} minutes after it was asked for, if nobody
          answers.
        </p>
      )}
      {openedBy && openedAt && (
        <p className="text-dim">
          Opened by {openedBy.displayName} · <Moment at={openedAt} />
          {endedBecause && endsAt && (
            <>
              {' '}
              · ended <Moment at={endsAt} />, {endWords[endedBecause]}
            </>
          )}{' '}
          · read {access.uses === 1 ? 'once' : `${access.uses} times`}
        </p>
      )}
      {access.reviewDueAt && (
        <p className="text-dim">
          To be judged until <Moment at={access.reviewDueAt} />
        </p>
      )}
      {reviewedBy && verdict && (
        <p className="text-text">
          {verdict === 'justified' ? 'Justified' : 'Not justified'}, says {reviewedBy.displayName}:{' '}
          {words}
        </p>
      )}
    </>
  );
}

/** For the second person: never for whoever asked. The server decides whether this one may. */
function Answer({ access }: { readonly access: BreakGlass }) {
  const self = useSelf();
  const queries = useQueryClient();
  const { breakGlassId, accountNumber } = access;
  const answer = useRouteMutation(answerBreakGlass, () =>
    refreshSoon(queries, ['break-glass.list', 'break-glass.read']),
  );
  const mayAnswer = self.roles.some((role) => role === 'security-admin' || role === 'supervisor');
  if (access.state !== 'waiting' || access.isOwn || !mayAnswer) return null;
  const send = (chosen: 'open' | 'decline') =>
    answer.mutate({ params: { breakGlassId }, body: { answer: chosen } });
  return (
    <>
      <div className="flex flex-wrap gap-2">
        <Button
          aria-label={`Decline: ${accountNumber}`}
          pending={answer.isPending}
          onClick={() => send('decline')}
        >
          Decline
        </Button>
        <Button
          variant="danger"
          aria-label={`Open it for ${access.minutes} minutes: ${accountNumber}`}
          pending={answer.isPending}
          onClick={() => send('open')}
        >
          Open it for {access.minutes} minutes
        </Button>
      </div>
      {answer.error && <ProblemNotice error={answer.error} />}
    </>
  );
}

/** For whoever asked, whoever opened, and security. */
function End({ access }: { readonly access: BreakGlass }) {
  const self = useSelf();
  const queries = useQueryClient();
  const { breakGlassId, accountNumber, state } = access;
  const end = useRouteMutation(endBreakGlass, () =>
    refreshSoon(queries, ['break-glass.list', 'break-glass.read']),
  );
  const hasPart = access.isOwn || access.openedBy?.subjectId === self.subjectId;
  const mayEnd = hasPart || self.roles.includes('security-admin');
  const isTakenBack = state === 'waiting' && access.isOwn;
  if (!mayEnd || !(state === 'open' || isTakenBack)) return null;
  const words = isTakenBack ? 'Take it back' : 'End it now';
  return (
    <>
      <Button
        variant={isTakenBack ? 'secondary' : 'danger'}
        aria-label={`${words}: ${accountNumber}`}
        pending={end.isPending}
        onClick={() => end.mutate({ params: { breakGlassId } })}
      >
        {words}
      </Button>
      {end.error && <ProblemNotice error={end.error} />}
    </>
  );
}
