import { EyeOff } from 'lucide-react';
import { Section } from '../../ui/surface.tsx';

/** Where the account would stand: why there is none. */
export function UnprovedPanel({
  isMine,
  isProved,
}: {
  readonly isMine: boolean;
  readonly isProved: boolean;
}) {
  return (
    <Section title="Account">
      <div className="flex flex-col items-center gap-2 px-4 py-12 text-center">
        <EyeOff aria-hidden size={22} className="text-dim" />
        <p className="font-medium text-bright">
          {isProved ? 'The account opens for the agent on the call only' : 'No account is open'}
        </p>
        <p className="max-w-md text-sm text-dim">
          {isMine
            ? 'Until the caller has proved who they are, you can tell them what anybody may know: opening hours, plans and prices. As soon as they have, the account opens here by itself.'
            : 'This call is not assigned to you. You see how it stands; the record stays closed to you.'}
        </p>
      </div>
    </Section>
  );
}
