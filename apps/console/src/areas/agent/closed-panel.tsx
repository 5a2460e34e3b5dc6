import type { Interaction } from '@proofline/protocol';
import { Lock } from 'lucide-react';
import { useId } from 'react';
import { ClosedButton } from '../../ui/button.tsx';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

/** After the call: what was open is closed, and it says why. */
export function ClosedPanel({
  call,
  wasOpen,
}: {
  readonly call: Interaction;
  /** What could be done until then; empty where nothing could, or where that is not known any more. */
  readonly wasOpen: readonly string[];
}) {
  const why = useId();
  return (
    <Section title="Account">
      <div className="flex flex-col gap-4">
        <div className="flex gap-2.5">
          <Lock aria-hidden size={20} className="mt-0.5 shrink-0 text-dim" />
          <div id={why}>
            <p className="font-medium text-bright">Closed with the call</p>
            <p className="text-sm">
              {call.endedAt && (
                <>
                  The call ended at <Moment at={call.endedAt} withDay={false} />.{' '}
                </>
              )}
              The call has ended, and all access with it. The customer proves themselves again on
              the next call.
            </p>
          </div>
        </div>
        {wasOpen.length > 0 && (
          <ul className="flex flex-col items-start gap-3">
            {wasOpen.map((label) => (
              <li key={label}>
                <ClosedButton describedBy={why}>{label}</ClosedButton>
              </li>
            ))}
          </ul>
        )}
      </div>
    </Section>
  );
}
