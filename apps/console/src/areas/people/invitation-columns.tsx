import type { Invitation } from '@proofline/protocol';
import { CircleCheck, Fingerprint, MailOpen, Replace, Send, TimerOff } from 'lucide-react';
import { roleWords } from '../../format/words.ts';
import { Badge } from '../../ui/badge.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Moment } from '../../ui/time-text.tsx';

const looks = {
  sent: { icon: Send, tone: 'neutral', word: 'Sent' },
  opened: { icon: MailOpen, tone: 'neutral', word: 'Opened' },
  registered: { icon: Fingerprint, tone: 'warn', word: 'Waits for confirmation' },
  confirmed: { icon: CircleCheck, tone: 'accent', word: 'Confirmed' },
  replaced: { icon: Replace, tone: 'neutral', word: 'Replaced' },
  expired: { icon: TimerOff, tone: 'neutral', word: 'Expired' },
} as const;

/** The columns of every list of invitations. */
export const invitationColumns: Column<Invitation>[] = [
  {
    id: 'name',
    header: 'Name',
    cell: (row) => <span className="whitespace-nowrap text-bright">{row.displayName}</span>,
  },
  {
    id: 'desk',
    header: 'Desk',
    cell: (row) => <span className="whitespace-nowrap">{row.desk}</span>,
  },
  {
    id: 'state',
    header: 'State',
    cell: (row) => {
      const { icon, tone, word } = looks[row.state];
      return (
        <Badge icon={icon} tone={tone}>
          {word}
        </Badge>
      );
    },
  },
  {
    id: 'role',
    header: 'Role',
    cell: (row) => (row.role ? roleWords[row.role] : <span className="text-dim">None yet</span>),
  },
  {
    id: 'at',
    header: 'Invited',
    cell: ({ invitedAt, invitedBy }) => (
      <>
        <Moment at={invitedAt} />
        <span className="block text-xs text-dim">by {invitedBy}</span>
      </>
    ),
  },
  {
    id: 'until',
    header: 'Valid until',
    cell: ({ state, expiresAt }) => <Validity state={state} expiresAt={expiresAt} />,
  },
];

function Validity({ state, expiresAt }: Pick<Invitation, 'state' | 'expiresAt'>) {
  if (state === 'confirmed') return <span className="text-dim">Used</span>;
  if (state === 'replaced') return <span className="text-dim">By a newer link</span>;
  return (
    <>
      <Moment at={expiresAt} />
      {state === 'registered' && (
        // The code on their screen is good for minutes, and is shown anew; this is about the person.
        <span className="block text-xs text-dim">to be confirmed by then</span>
      )}
    </>
  );
}

/** The states of an invitation, for a filter. */
export const invitationStateChoices = [
  { value: 'sent', label: 'Sent' },
  { value: 'opened', label: 'Opened' },
  { value: 'registered', label: 'Waits for confirmation' },
  { value: 'confirmed', label: 'Confirmed' },
  { value: 'replaced', label: 'Replaced' },
  { value: 'expired', label: 'Expired' },
] as const;
