import type { OwnAuthenticators } from '@proofline/protocol';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { eventText } from './own-words.ts';

/** Everything that happened to one's own passkeys, refused attempts too. */
export function HistoryList({ history }: Pick<OwnAuthenticators, 'history'>) {
  return (
    <Section title="What happened to them">
      <ol className="flex flex-col gap-2 text-sm" aria-label="History of your passkeys">
        {history.map((event) => {
          const isRefusal = event.kind === 'refused';
          const Icon = isRefusal ? CircleAlert : CircleCheck;
          return (
            <li key={event.evidenceId} className="flex gap-2">
              <Icon
                aria-hidden
                size={14}
                className={`mt-0.5 shrink-0 ${isRefusal ? 'text-warn' : 'text-dim'}`}
              />
              <span className="min-w-0 break-words">
                <span className="text-bright">{eventText(event)}.</span> <Moment at={event.at} />
              </span>
            </li>
          );
        })}
      </ol>
      <p className="mt-3 text-xs text-dim">
        Something here was not you? Remove that passkey, and tell your security team.
      </p>
    </Section>
  );
}
