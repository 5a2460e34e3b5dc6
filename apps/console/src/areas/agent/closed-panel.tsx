import type { Interaction } from '@proofline/protocol';
import { Lock } from 'lucide-react';
import { useId } from 'react';
import { recordChanges } from '../../api/record-acts.ts';
import { ClosedButton } from '../../ui/button.tsx';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

const offered = Object.entries(recordChanges).filter(
  ([, change]) => !('seldom' in change && change.seldom),
);

/** After the call: everything is closed, and it says why. */
export function ClosedPanel({ call }: { readonly call: Interaction }) {
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
        <ul className="flex flex-col items-start gap-3">
          {offered.map(([kind, { label }]) => (
            <li key={kind}>
              <ClosedButton describedBy={why}>{label}</ClosedButton>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
