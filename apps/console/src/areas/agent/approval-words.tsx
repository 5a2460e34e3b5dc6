import type { Approval } from '@proofline/protocol';
import { CheckCheck, CircleCheck, CircleX, Hourglass, TimerOff } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';

const looks = {
  open: { icon: Hourglass, tone: 'warn', word: 'Waiting' },
  approved: { icon: CircleCheck, tone: 'accent', word: 'Approved' },
  rejected: { icon: CircleX, tone: 'danger', word: 'Rejected' },
  expired: { icon: TimerOff, tone: 'neutral', word: 'Expired' },
  used: { icon: CheckCheck, tone: 'neutral', word: 'Used' },
} as const;

/** Where an approval stands. */
export function ApprovalStateBadge({ state }: Pick<Approval, 'state'>) {
  const { icon, tone, word } = looks[state];
  return (
    <Badge icon={icon} tone={tone}>
      {word}
    </Badge>
  );
}
