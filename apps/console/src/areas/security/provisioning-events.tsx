import type { ProvisioningEvent } from '@proofline/protocol';
import { CircleCheck, CircleSlash } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { EmptyState, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

/** What directories changed or were refused in the last thirty days, newest first. */
export function ProvisioningEvents({ events }: { readonly events: readonly ProvisioningEvent[] }) {
  return (
    <Section title="Lately" flush>
      {events.length === 0 && (
        <EmptyState title="Nothing was changed or refused in the last thirty days." />
      )}
      <ul className="flex flex-col divide-y divide-line">
        {events.map((event) => (
          <li key={event.eventId} className="flex flex-col gap-0.5 px-3 py-2 text-sm">
            <p className="flex flex-wrap items-center gap-2 text-text">
              <Badge
                icon={event.refused ? CircleSlash : CircleCheck}
                tone={event.refused ? 'warn' : 'neutral'}
              >
                {event.refused ? 'Refused' : 'Done'}
              </Badge>
              {event.what}
              {event.about !== undefined && <span className="text-bright">{event.about}</span>}
            </p>
            {event.refused && <p className="text-text">{event.refused.text}</p>}
            <p className="text-dim">
              {event.connection} · <Moment at={event.at} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}
