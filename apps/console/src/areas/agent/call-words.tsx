import type { InteractionSummary } from '@proofline/protocol';
import { BadgeCheck, CircleHelp, Phone, PhoneCall, PhoneOff } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';

/** Whether a call rings, is live or is over. */
export function CallStateBadge({ state }: Pick<InteractionSummary, 'state'>) {
  if (state === 'ringing') {
    return (
      <Badge icon={PhoneCall} tone="warn">
        Ringing
      </Badge>
    );
  }
  return state === 'live' ? <Badge icon={Phone}>Live</Badge> : <Badge icon={PhoneOff}>Ended</Badge>;
}

/** Whether the caller has proved who they are, or had until the call ended. */
export function ProvedBadge({
  proved,
  hadProved,
}: {
  readonly proved: boolean;
  readonly hadProved: boolean;
}) {
  if (proved) {
    return (
      <Badge icon={BadgeCheck} tone="accent">
        Proved
      </Badge>
    );
  }
  return hadProved ? (
    <Badge icon={BadgeCheck}>Had proved</Badge>
  ) : (
    <Badge icon={CircleHelp}>Not proved</Badge>
  );
}

/** The states of a call, for a filter. */
export const callStateChoices = [
  { value: 'ringing', label: 'Ringing' },
  { value: 'live', label: 'Live' },
  { value: 'ended', label: 'Ended' },
] as const;
