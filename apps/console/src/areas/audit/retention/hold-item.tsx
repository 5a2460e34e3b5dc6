import { holdReasons, liftHold, type HoldSummary } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, Pin } from 'lucide-react';
import { knownRefusal, type RefusalText } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { ListItem } from '../../../ui/list-item.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { Moment } from '../../../ui/time-text.tsx';

const OWN: RefusalText = {
  reason: 'You placed this hold, and nobody lifts their own.',
  nextStep: 'A second security administrator can.',
};

/** One legal hold: what it keeps and why; and the way to lift a colleague's. */
export function HoldItem({ one }: { readonly one: HoldSummary }) {
  const isLifted = one.liftedAt !== undefined;
  return (
    <ListItem
      standing={
        isLifted
          ? { icon: CircleCheck, tone: 'neutral', word: 'Lifted' }
          : { icon: Pin, tone: 'warn', word: 'Held' }
      }
      name={one.label.charAt(0).toUpperCase() + one.label.slice(1)}
      id={one.holdId}
      acts={!isLifted && <Lift one={one} />}
    >
      <p className="text-text">
        Because of {holdReasons[one.reasonCode]}
        {one.note !== undefined && `: ${one.note}`}
      </p>
      <p className="text-dim">
        By {one.placedBy.name ?? one.placedBy.id}
        {one.isOwn && ' (you)'} · <Moment at={one.placedAt} />
        {one.liftedBy && ` · lifted by ${one.liftedBy.name ?? one.liftedBy.id}`}
      </p>
    </ListItem>
  );
}

function Lift({ one }: { readonly one: HoldSummary }) {
  const self = useSelf();
  const queries = useQueryClient();
  const lift = useRouteMutation(liftHold, () => refreshSoon(queries, ['evidence.retention']));
  return (
    <div className="flex max-w-sm flex-col items-end gap-2">
      <GuardedButton
        aria-label={`Lift: ${one.label}`}
        pending={lift.isPending}
        refusal={one.isOwn ? OWN : knownRefusal(self.capabilities, 'hold:lift')}
        onClick={() => lift.mutate({ params: { holdId: one.holdId } })}
      >
        Lift
      </GuardedButton>
      {lift.error && <ProblemNotice error={lift.error} />}
    </div>
  );
}
