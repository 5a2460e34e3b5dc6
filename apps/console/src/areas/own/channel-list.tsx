import type { OwnAuthenticators } from '@proofline/protocol';
import { Mail, Smartphone } from 'lucide-react';
import { Section } from '../../ui/surface.tsx';

/** Where one is told of every change; to look at only. */
export function ChannelList({ channels }: Pick<OwnAuthenticators, 'channels'>) {
  return (
    <Section title="Where you are told">
      {channels.length === 0 ? (
        <p className="text-sm text-dim">
          No address is on file, so changes are told here and in your open consoles only.
        </p>
      ) : (
        <ul className="flex flex-col gap-1 text-sm">
          {channels.map(({ kind, masked }) => (
            <li key={kind} className="flex items-center gap-2 text-bright">
              {kind === 'sms' ? (
                <Smartphone aria-hidden size={14} />
              ) : (
                <Mail aria-hidden size={14} />
              )}
              <span className="sr-only">{kind === 'sms' ? 'Text message to' : 'E-mail to'}</span>
              {masked}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}
