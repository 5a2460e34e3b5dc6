import { listBreakGlass, type BreakGlass } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { Siren } from 'lucide-react';
import { Countdown } from '../ui/time-text.tsx';
import { places } from './areas.ts';
import { useRouteQuery } from './route-queries.ts';
import { useSelf } from './self-context.tsx';

/**
 * Emergency access that concerns whoever is signed in, on every page: one’s own while it is open, and for
 * those who open and judge whatever waits, is open, or was not judged in time.
 */
export function BreakGlassBanner() {
  const { roles } = useSelf();
  const isConcerned = places.some(
    ({ to, roles: of }) => to === '/break-glass' && of.some((role) => roles.includes(role)),
  );
  return isConcerned ? <Banner /> : null;
}

const loud: readonly BreakGlass['state'][] = ['waiting', 'open', 'overdue'];

function Banner() {
  const list = useRouteQuery(listBreakGlass, { query: {} });
  const shown = list.data?.accesses.filter(({ state }) => loud.includes(state)) ?? [];
  if (shown.length === 0) return null;
  return (
    <section aria-label="Emergency access now" className="border-b border-danger bg-danger-ground">
      <div role="alert">
        <ul className="flex flex-col gap-1 px-3 py-2 text-sm lg:px-4">
          {shown.slice(0, 5).map((access) => (
            <li key={access.breakGlassId} className="flex flex-wrap items-center gap-x-2 text-text">
              <Siren aria-hidden size={14} className="shrink-0 text-danger" />
              {sentenceOf(access)}
              {access.state === 'open' && access.endsAt && (
                <span>
                  Time left: <Countdown untilMs={Date.parse(access.endsAt)} />
                </span>
              )}
              <Link
                to="/break-glass"
                search={{ one: access.breakGlassId }}
                className="underline hover:text-bright"
              >
                Show
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function sentenceOf({ accountNumber, isOwn, requestedBy, state }: BreakGlass): string {
  const who = requestedBy.displayName;
  if (state === 'open') {
    return isOwn
      ? `You have emergency access to ${accountNumber}.`
      : `${who} has emergency access to ${accountNumber}.`;
  }
  if (state === 'waiting') {
    return isOwn
      ? `Your request for ${accountNumber} waits for a second person.`
      : `${who} asks for emergency access to ${accountNumber}.`;
  }
  return isOwn
    ? `Your emergency access to ${accountNumber} was not judged in time.`
    : `Nobody has judged the emergency access of ${who} to ${accountNumber}.`;
}
