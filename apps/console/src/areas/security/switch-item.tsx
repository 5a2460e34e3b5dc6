import { liftSwitch, stopCodes, type SwitchSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Ban, CircleCheck, TimerOff } from 'lucide-react';
import { knownRefusal, type RefusalText } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Badge } from '../../ui/badge.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { capital, kindWords } from './switch-words.ts';

const looks = {
  standing: { icon: Ban, tone: 'danger', word: 'Stopped' },
  lifted: { icon: CircleCheck, tone: 'neutral', word: 'Lifted' },
  expired: { icon: TimerOff, tone: 'neutral', word: 'Run out' },
} as const;

const OWN: RefusalText = {
  reason: 'You threw this switch, and nobody lifts their own.',
  nextStep: 'A second security administrator can, or it ends by itself.',
};

/** One switch: what it stops, who, why and until when; and the way to lift a colleague's. */
export function SwitchItem({ one }: { readonly one: SwitchSummary }) {
  const { icon, tone, word } = looks[one.state];
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-3 py-2.5 text-sm">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <h3 className="flex flex-wrap items-center gap-2 font-medium text-bright">
          <Badge icon={icon} tone={tone}>
            {word}
          </Badge>
          {capital(one.label)}
        </h3>
        <p className="text-text">
          {capital(stopCodes[one.reasonCode])}: {one.note}
        </p>
        <p className="text-dim">
          {kindWords[one.target.kind]} · by {one.thrownBy.name ?? one.thrownBy.id}
          {one.isOwn && ' (you)'} · <Moment at={one.thrownAt} /> until <Moment at={one.expiresAt} />
        </p>
        {one.liftedBy && one.endedAt && (
          <p className="text-dim">
            Lifted by {one.liftedBy.name ?? one.liftedBy.id} · <Moment at={one.endedAt} />
          </p>
        )}
        <p className="font-mono text-xs break-all text-dim">{one.switchId}</p>
      </div>
      {one.state === 'standing' && <Lift one={one} />}
    </li>
  );
}

function Lift({ one }: { readonly one: SwitchSummary }) {
  const self = useSelf();
  const queries = useQueryClient();
  const lift = useRouteMutation(liftSwitch, () =>
    refreshSoon(queries, ['switches.list', 'self.read']),
  );
  return (
    <div className="flex max-w-sm flex-col items-end gap-2">
      <GuardedButton
        aria-label={`Lift: ${one.label}`}
        pending={lift.isPending}
        refusal={one.isOwn ? OWN : knownRefusal(self.capabilities, 'switch:lift')}
        onClick={() => lift.mutate({ params: { switchId: one.switchId } })}
      >
        Lift
      </GuardedButton>
      {lift.error && <ProblemNotice error={lift.error} />}
    </div>
  );
}
