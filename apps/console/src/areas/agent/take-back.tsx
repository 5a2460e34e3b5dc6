import { withdrawApproval, type Approval } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { showAsked } from './asked-of-call.ts';

/** One's own request, while nobody has answered: one press takes it back, and it can be asked anew. */
export function TakeBack({ approval }: { readonly approval: Approval }) {
  const queries = useQueryClient();
  const withdraw = useRouteMutation(withdrawApproval, (withdrawn) => {
    showAsked(queries, withdrawn);
    refreshSoon(queries, ['approvals.list']);
  });
  return (
    <div className="flex flex-col items-start gap-1">
      <Button
        pending={withdraw.isPending}
        icon={<Undo2 aria-hidden size={14} />}
        onClick={() => withdraw.mutate({ params: { approvalId: approval.approvalId } })}
      >
        Take it back
      </Button>
      {withdraw.error && <ProblemNotice error={withdraw.error} />}
    </div>
  );
}
