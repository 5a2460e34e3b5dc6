import type { Interaction } from '@proofline/protocol';
import { Lock } from 'lucide-react';
import { DisabledWithReason } from '../../ui/button.tsx';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { changeLabels } from './change-labels.ts';
import { capabilityFor } from '../../format/control-state.ts';

const over = {
  reason: 'The call has ended, and every grant of it with the call.',
  nextStep: 'Call the customer back: they prove themselves anew on the new call.',
};

/** After the call: everything is closed, and it says why. */
export function ClosedPanel({ call }: { readonly call: Interaction }) {
  return (
    <Section title="Account">
      <div className="flex flex-col gap-4">
        <div className="flex gap-2.5">
          <Lock aria-hidden size={20} className="mt-0.5 shrink-0 text-dim" />
          <div>
            <p className="font-medium text-bright">Closed with the call</p>
            <p className="text-sm">
              {call.endedAt && (
                <>
                  The call ended at <Moment at={call.endedAt} withDay={false} />.{' '}
                </>
              )}
              A proof is for one call only: it ended with this one, and so did every grant. What was
              on the screen is no longer here.
            </p>
          </div>
        </div>
        <ul className="flex flex-col gap-3">
          {Object.entries(changeLabels).map(([kind, { action, label }]) => (
            <li key={kind}>
              <DisabledWithReason
                refusal={{
                  ...over,
                  reason: capabilityFor(call.capabilities, action)?.reason ?? over.reason,
                }}
              >
                {label}
              </DisabledWithReason>
            </li>
          ))}
        </ul>
      </div>
    </Section>
  );
}
