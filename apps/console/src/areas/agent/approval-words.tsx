import type { Approval, ResultOutcome } from '@proofline/protocol';
import {
  CheckCheck,
  CircleCheck,
  CircleX,
  Hourglass,
  TimerOff,
  TriangleAlert,
  Undo2,
  type LucideIcon,
} from 'lucide-react';
import { Badge, type Tone } from '../../ui/badge.tsx';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string;
}

const looks: Readonly<Record<Approval['state'], Look>> = {
  open: { icon: Hourglass, tone: 'warn', word: 'Waiting' },
  approved: { icon: CircleCheck, tone: 'accent', word: 'Approved' },
  rejected: { icon: CircleX, tone: 'danger', word: 'Rejected' },
  expired: { icon: TimerOff, tone: 'neutral', word: 'Expired' },
  used: { icon: CheckCheck, tone: 'neutral', word: 'Used' },
  revoked: { icon: CircleX, tone: 'danger', word: 'No longer valid' },
  withdrawn: { icon: Undo2, tone: 'neutral', word: 'Taken back' },
};
const looksOfOutcome: Readonly<Record<ResultOutcome, Look>> = {
  completed: { icon: CheckCheck, tone: 'neutral', word: 'Carried out' },
  'upstream-refused': { icon: CircleX, tone: 'danger', word: 'Used up, refused there' },
  'upstream-failed': { icon: TriangleAlert, tone: 'warn', word: 'Used up, no answer' },
};

/** Where an approval stands, and once it was used, what became of the request. */
export function ApprovalStateBadge({ state, outcome }: Pick<Approval, 'state' | 'outcome'>) {
  const { icon, tone, word } = outcome ? looksOfOutcome[outcome] : looks[state];
  return (
    <Badge icon={icon} tone={tone}>
      {word}
    </Badge>
  );
}
