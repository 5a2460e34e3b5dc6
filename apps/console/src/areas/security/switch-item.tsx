import { liftSwitch, stopCodes, type SwitchSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Ban, CircleCheck, TimerOff } from 'lucide-react';
import { knownRefusal, type RefusalText } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ListItem } from '../../ui/list-item.tsx';
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
  return (
    <ListItem
      standing={looks[one.state]}
      name={capital(one.label)}
      id={one.switchId}
      acts={one.state === 'standing' && <Lift one={one} />}
    >
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
    </ListItem>
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
