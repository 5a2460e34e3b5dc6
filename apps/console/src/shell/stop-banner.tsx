import { Ban } from 'lucide-react';
import { Moment } from '../ui/time-text.tsx';
import { useSelf } from './self-context.tsx';

/** What security has stopped, on every page of whoever it concerns; quiet, because it can last. */
export function StopBanner() {
  const { stops } = useSelf();
  if (stops.length === 0) return null;
  return (
    <section aria-label="Stopped for now" className="border-b border-warn bg-warn-ground">
      <ul className="flex flex-col gap-1 px-3 py-2 text-sm lg:px-4">
        {stops.map(({ text, expiresAt }) => (
          <li key={`${text}${expiresAt}`} className="flex flex-wrap items-center gap-x-2 text-text">
            <Ban aria-hidden size={14} className="shrink-0 text-warn" />
            {text}
            <span className="text-dim">
              Until <Moment at={expiresAt} /> at the latest.
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
