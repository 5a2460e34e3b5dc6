import {
  approveErasure,
  declineErasure,
  erasureBases,
  type ErasureSummary,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX, Eraser, Hourglass } from 'lucide-react';
import { useState } from 'react';
import { knownRefusal, type RefusalText } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { ListItem } from '../../../ui/list-item.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { Moment } from '../../../ui/time-text.tsx';

const looks = {
  waiting: { icon: Hourglass, tone: 'warn', word: 'Waits' },
  declined: { icon: CircleX, tone: 'neutral', word: 'Declined' },
  approved: { icon: CircleCheck, tone: 'warn', word: 'Approved' },
  recorded: { icon: CircleCheck, tone: 'warn', word: 'Approved' },
  'carried-out': { icon: Eraser, tone: 'neutral', word: 'Erased' },
} as const;

const OWN: RefusalText = {
  reason: 'You asked for this, and nobody approves their own.',
  nextStep: 'A second security administrator can.',
};
const HELD: RefusalText = {
  reason: 'A legal hold stands in the way.',
  nextStep: 'When its reason is over, a second person lifts it.',
};

/** One erasure: what, on what ground, who asked and who approved; and the way to answer a colleague's. */
export function ErasureItem({ one }: { readonly one: ErasureSummary }) {
  const { askedBy, answeredBy, effectEvidenceId } = one;
  return (
    <ListItem
      standing={looks[one.state]}
      name={one.label.charAt(0).toUpperCase() + one.label.slice(1)}
      id={one.pseudonym ?? one.erasureId}
      acts={one.state === 'waiting' && <Answer one={one} />}
    >
      <p className="text-text">
        Because {erasureBases[one.basis]}
        {one.note !== undefined && `: ${one.note}`}
      </p>
      <p className="text-dim">
        {askedBy ? `Asked by ${askedBy.name ?? askedBy.id}` : 'By the published policy'}
        {one.isOwn && ' (you)'} · <Moment at={one.askedAt} />
        {answeredBy && ` · ${one.state === 'declined' ? 'declined' : 'approved'} by `}
        {answeredBy && (answeredBy.name ?? answeredBy.id)}
      </p>
      {effectEvidenceId && (
        <p>
          <Link
            to="/audit/$evidenceId"
            params={{ evidenceId: effectEvidenceId }}
            className="underline decoration-line underline-offset-2 hover:decoration-accent"
          >
            The entry that explains it
          </Link>
        </p>
      )}
    </ListItem>
  );
}

function Answer({ one }: { readonly one: ErasureSummary }) {
  const self = useSelf();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const refresh = () => {
    setAsking(false);
    refreshSoon(queries, ['evidence.retention']);
  };
  const approve = useRouteMutation(approveErasure, refresh);
  const decline = useRouteMutation(declineErasure, refresh);
  const params = { erasureId: one.erasureId };
  const known = knownRefusal(self.capabilities, 'erasure:approve');
  return (
    <div className="flex max-w-sm flex-col items-end gap-2">
      <div className="flex flex-wrap justify-end gap-2">
        <GuardedButton
          aria-label={`Decline: ${one.label}`}
          pending={decline.isPending}
          refusal={knownRefusal(self.capabilities, 'erasure:decline')}
          onClick={() => decline.mutate({ params })}
        >
          {one.isOwn ? 'Take back' : 'Decline'}
        </GuardedButton>
        <GuardedButton
          aria-label={`Approve: ${one.label}`}
          variant="danger"
          pending={approve.isPending}
          refusal={one.isOwn ? OWN : one.holds.length > 0 ? HELD : known}
          onClick={() => setAsking(true)}
        >
          Approve
        </GuardedButton>
      </div>
      {isAsking && (
        <ConfirmDialog
          title="Erase this for good?"
          description={`This erases ${one.label}. It cannot be taken back. Every proof that was issued stays valid.`}
          act="Erase it"
          keep="Leave it"
          running={approve}
          onAct={() => approve.mutate({ params })}
          onClose={() => setAsking(false)}
        />
      )}
      {decline.error && <ProblemNotice error={decline.error} />}
    </div>
  );
}
